import type { Broker, Variable } from './model.ts';

/** The variables that Kafka images make zookeeper.connect of. */
const connectVariables = ['KAFKA_ZOOKEEPER_CONNECT', 'KAFKA_CFG_ZOOKEEPER_CONNECT'];

/** A container that is told where ZooKeeper is; undefined where it is not, or where the value is open. */
export function brokerOf(
  name: string,
  image: string,
  variables: ReadonlyMap<string, Variable>,
  hosts: readonly string[] | null,
): Broker | undefined {
  const connect = connectVariables
    .map((variable) => variables.get(variable))
    .find((found) => found !== undefined);
  if (connect === undefined || connect.value === null) return undefined;
  return {
    name,
    image,
    connect: { written: connect.name, value: connect.value, place: connect.place },
    hosts,
  };
}
