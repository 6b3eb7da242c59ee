import type { Topology } from '../topology/topology.ts';
import { settingsOf } from '../topology/zoo-cfg.ts';

/**
 * How long a leader may go on without a quorum, and a follower without a leader. A learner counts until the tick its
 * last packet allows, syncLimit ticks on; the leader looks once a tick and may just have looked (Leader.lead); a learner
 * reads with a timeout of syncLimit ticks (Learner.syncWithLeader).
 */
export function letGoMs(topology: Topology): number {
  const { tickTime, syncLimit } = settingsOf(topology, topology.nodes[0]!.version);
  return (Number(syncLimit) + 2) * Number(tickTime);
}

/** A busy machine runs threads late, and the journal tells of a cut when it is proven: this much over the limit is let pass. */
export const marginMs = 1500;

/** "2.400 s (syncLimit 6, tickTime 300 ms, two ticks for the check)". */
export function limitWords(topology: Topology): string {
  const { tickTime, syncLimit } = settingsOf(topology, topology.nodes[0]!.version);
  return `${(letGoMs(topology) / 1000).toFixed(1)} s (syncLimit ${syncLimit} and two ticks of ${tickTime} ms)`;
}
