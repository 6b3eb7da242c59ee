import type { Topology } from './topology.ts';

/** Servers that vote; a weight of 0 takes part but never counts (QuorumHierarchical.java). */
export const votersOf = ({ nodes }: Topology) => nodes.filter(({ kind }) => kind === 'voter');

/**
 * Whether these servers can elect and commit. Without groups more than half of the voters (QuorumMaj.java); with groups
 * more than half of the weight in more than half of the groups that have any (QuorumHierarchical.java).
 */
export function isQuorum(topology: Topology, sids: ReadonlySet<number>): boolean {
  const voters = votersOf(topology);
  if (voters.every(({ group }) => group === undefined)) {
    return voters.filter(({ sid }) => sids.has(sid)).length > voters.length / 2;
  }
  const groups = [...new Set(voters.map(({ group }) => group))]
    .map((group) => voters.filter((voter) => voter.group === group))
    .filter((members) => weightOf(members) > 0);
  const won = groups.filter(
    (members) => weightOf(members.filter(({ sid }) => sids.has(sid))) > weightOf(members) / 2,
  );
  return won.length > groups.length / 2;
}

function weightOf(members: readonly { weight: number }[]): number {
  return members.reduce((sum, { weight }) => sum + weight, 0);
}
