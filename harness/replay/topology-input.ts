import type { KafkaLayer } from '../topology/brokers.ts';
import type { NodeSpec, Topology, TopologyInput } from '../topology/topology.ts';

/** A resolved topology as somebody would write it: what all servers share is said once, defaults are left out. */
export function topologyInput({
  nodes,
  ports,
  separateLogDir,
  settings,
  kafka,
  data,
}: Topology): TopologyInput {
  const [first] = nodes;
  const shared = <K extends 'version' | 'jvmFlags'>(key: K): NodeSpec[K] | undefined =>
    nodes.every((node) => same(node[key], first?.[key])) ? first?.[key] : undefined;
  const version = shared('version');
  const jvmFlags = shared('jvmFlags');
  const own = nodes.flatMap((node) => {
    const differs = {
      ...(version === undefined && { version: node.version }),
      ...(jvmFlags === undefined && node.jvmFlags.length > 0 && { jvmFlags: node.jvmFlags }),
      ...(node.group !== undefined && { group: node.group, weight: node.weight }),
      ...(node.at !== undefined && { at: node.at }),
      ...(node.ownHost !== undefined && { ownHost: node.ownHost }),
      ...(node.ports && { ports: node.ports }),
      ...(node.myid !== undefined && { myid: node.myid }),
      ...(node.stored && { stored: node.stored }),
    };
    return Object.keys(differs).length > 0 ? [[String(node.sid), differs] as const] : [];
  });
  return {
    voters: nodes.filter(({ kind }) => kind === 'voter').length,
    observers: nodes.filter(({ kind }) => kind === 'observer').length,
    ...(version !== undefined && { version }),
    ports,
    separateLogDir,
    settings,
    ...(jvmFlags !== undefined && { jvmFlags }),
    nodes: Object.fromEntries(own),
    ...(kafka && { kafka: brokersOf(kafka) }),
    ...(data !== undefined && { data }),
  };
}

const brokersOf = ({ nodes, ...kafka }: KafkaLayer) => ({ ...kafka, brokers: nodes.length });

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
