import type { Broker, BrokerPod, Variable } from './model.ts';
import { entriesOf, itemsOf, type Tree, textOf, textsOf, under } from './yaml-tree.ts';

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

/** Where Confluent's image has its partitions unless it is told otherwise. */
const confluentLogs = '/var/lib/kafka/data';

/** What the object that makes a broker's pods says of them; a script that sets the id leaves it open. */
export function brokerPodOf(
  object: Tree,
  pod: Tree | undefined,
  container: Tree,
  image: string,
  variables: ReadonlyMap<string, Variable>,
): BrokerPod {
  const script = [...textsOf(under(container, 'command')), ...textsOf(under(container, 'args'))].join('\n');
  const id = variables.get('KAFKA_BROKER_ID');
  const isFixed = id !== undefined && /^\d+$/.test(id.value ?? '') && !script.includes('KAFKA_BROKER_ID=');
  const logs = variables.get('KAFKA_LOG_DIRS');
  const whole = logs === undefined && /confluentinc\//.test(image) ? confluentLogs : (logs?.value ?? '');
  return {
    namespace: textOf(under(object, 'metadata', 'namespace')) ?? null,
    place: container.place,
    replicas: Number(textOf(under(object, 'spec', 'replicas')) ?? 1),
    serviceLinks: textOf(under(pod, 'spec', 'enableServiceLinks')) !== 'false',
    id: isFixed ? { text: id.value!, place: id.place } : null,
    logDirs: whole.split(',').flatMap((path) => path.trim().replace(/(?<=.)\/$/, '') || []),
    claims: claimsOf(object, pod, container),
  };
}

function claimsOf(object: Tree, pod: Tree | undefined, container: Tree): BrokerPod['claims'] {
  const claimed = [
    ...itemsOf(under(object, 'spec', 'volumeClaimTemplates')).map((claim) =>
      under(claim, 'metadata', 'name'),
    ),
    ...itemsOf(under(pod, 'spec', 'volumes'))
      .filter((volume) => entriesOf(volume).some(([kind]) => kind === 'persistentVolumeClaim'))
      .map((volume) => under(volume, 'name')),
  ].map(textOf);
  return itemsOf(under(container, 'volumeMounts'))
    .filter((mount) => claimed.includes(textOf(under(mount, 'name'))) && !under(mount, 'subPath'))
    .map((mount) => ({
      path: (textOf(under(mount, 'mountPath')) ?? '').replace(/(?<=.)\/$/, ''),
      place: mount.place,
    }));
}
