/**
 * Lines of server.properties as the KAFKA_… variables that images of Kafka take them from: dots become _, dashes __ and
 * underscores ___, as in Confluent's cp-kafka. Keys with dots only, which are all we write, also fit wurstmeister's.
 */
export function kafkaVariables(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `KAFKA_${key.replaceAll('_', '___').replaceAll('-', '__').replaceAll('.', '_').toUpperCase()}`,
      value,
    ]),
  );
}
