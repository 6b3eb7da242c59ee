import { parseAllDocuments } from 'yaml';

interface StatefulSet {
  kind: string;
  metadata: { name: string };
  spec: {
    replicas: number;
    serviceName: string;
    template: { spec: { securityContext: { runAsUser: number }; containers: [Container] } };
  };
}

interface Container {
  image: string;
  command: string[];
  env: { name: string; value?: string; valueFrom?: { fieldRef: { fieldPath: string } } }[];
  readinessProbe: { exec: { command: string[] }; periodSeconds: number; timeoutSeconds: number };
  resources: { limits: { memory: string } };
  volumeMounts: { mountPath: string }[];
}

/**
 * The pods of every StatefulSet of a manifest as services of a compose file, with what a kubelet would give their
 * containers: command, variables, user, memory, a host name with the ordinal, and the name that the headless Service
 * makes. Their volumes are in memory. Images are replaced by those `imageOf` names.
 */
export function podsAsServices(text: string, imageOf: (image: string) => string): Record<string, object> {
  const sets = parseAllDocuments(text)
    .map((document) => document.toJS() as StatefulSet)
    .filter(({ kind }) => kind === 'StatefulSet');
  return Object.fromEntries(
    sets.flatMap(({ metadata: { name }, spec }) =>
      Array.from({ length: spec.replicas }, (_, ordinal) => {
        const pod = `${name}-${ordinal}`;
        return [pod, serviceOf(pod, spec, imageOf)];
      }),
    ),
  );
}

function serviceOf(
  pod: string,
  { serviceName, template }: StatefulSet['spec'],
  imageOf: (image: string) => string,
) {
  const { securityContext, containers } = template.spec;
  const { image, command, env, readinessProbe: probe, resources, volumeMounts } = containers[0];
  const user = securityContext.runAsUser;
  const known = { POD_NAME: pod };
  return {
    image: imageOf(image),
    hostname: pod,
    user: `${user}:${user}`,
    entrypoint: command.map(unread),
    environment: Object.fromEntries(
      env.map(({ name, value }) => [name, unread(filled(value ?? pod, known))]),
    ),
    networks: { default: { aliases: [`${pod}.${serviceName}`] } },
    tmpfs: volumeMounts.map(({ mountPath }) => `${mountPath}:uid=${user},gid=${user}`),
    mem_limit: resources.limits.memory.replace(/i$/, '').toLowerCase(),
    // A container that ends is started again, as in a pod.
    restart: 'always',
    healthcheck: {
      test: ['CMD', ...probe.exec.command.map(unread)],
      interval: `${probe.periodSeconds}s`,
      timeout: `${probe.timeoutSeconds}s`,
    },
  };
}

/** $(NAME) of a variable that is there; Kubernetes leaves everything else as it is. */
const filled = (text: string, known: Record<string, string>) =>
  text.replaceAll(/\$\((\w+)\)/g, (written, name: string) => known[name] ?? written);

/** Compose reads a dollar where Kubernetes does not. */
const unread = (text: string) => text.replaceAll('$', () => '$$');
