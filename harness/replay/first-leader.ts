import type { ScenarioInput } from '../scenario/scenario.ts';
import type { Topology } from '../topology/topology.ts';

/**
 * A beginning in which this server leads first: it starts with just so many servers of lower ids that they are a
 * quorum, and of equal disks the highest id wins (FastLeaderElection.totalOrderPredicate); the others follow once it
 * leads. Nothing where ids do not decide: with groups, with disks that are not empty, or when too few ids are lower.
 */
export function beginningWith(
  leader: number,
  { nodes }: Pick<Topology, 'nodes'>,
): Pick<ScenarioInput, 'begin' | 'formation'> {
  const voters = nodes.filter(({ kind }) => kind === 'voter').map(({ sid }) => sid);
  const others = Math.floor(voters.length / 2);
  const lower = voters.filter((sid) => sid < leader).slice(0, others);
  const plain = nodes.every(({ group, stored }) => group === undefined && stored === undefined);
  if (!plain || !voters.includes(leader) || lower.length < others) return {};
  const begin = [...lower, leader];
  const later = nodes.map(({ sid }) => sid).filter((sid) => !begin.includes(sid));
  if (later.length === 0) return {};
  return { begin, formation: [{ when: { seen: { leader } }, start: later }] };
}
