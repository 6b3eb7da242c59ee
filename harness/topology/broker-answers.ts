import { brokerPort } from './brokers.ts';

/**
 * A shell command that succeeds when a broker answers, for health checks: it asks for ApiVersions (18) version 0 without
 * a client id, as the harness itself does. A broker listens long before it answers, and a tool of Kafka's own would
 * start a JVM each time. No dollar sign is in it: Compose and Kubernetes would look for a variable.
 */
export const brokerAnswers = (host: string) =>
  `exec 3<>/dev/tcp/${host}/${brokerPort} && printf '\\0\\0\\0\\12\\0\\22\\0\\0\\0\\0\\0\\7\\377\\377' >&3 && timeout 4 head -c 8 <&3 | wc -c | grep -qx 8`;
