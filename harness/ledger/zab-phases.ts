import type { Election, ZabPhase } from './ledger.ts';

const order = ['election', 'discovery', 'synchronization', 'broadcast'] as const satisfies ZabPhase[];

/** How long the winner spent in each phase, the last attempt alone; `broadcast` is where it ends and has no length. */
export interface PhaseLengths {
  /** From the beginning of the election to the vote that decided it. */
  electionMs: number;
  /** A quorum promises the new epoch. */
  discoveryMs: number;
  /** A quorum has the leader's history. */
  synchronizationMs: number;
}

/** Undefined where nobody won or the winner's log does not tell all four phases. */
export function phaseLengths({
  winner,
  startedNs,
  endedNs,
  phases = [],
}: Election): PhaseLengths | undefined {
  if (winner === undefined || endedNs === undefined) return undefined;
  const own = phases.filter(({ sid }) => sid === winner);
  const last = (phase: ZabPhase) => own.findLast((each) => each.phase === phase)?.atNs;
  const [, discovery, synchronization, broadcast] = order.map(last);
  if (discovery === undefined || synchronization === undefined || broadcast === undefined) return undefined;
  return {
    electionMs: (discovery - startedNs) / 1e6,
    discoveryMs: (synchronization - discovery) / 1e6,
    synchronizationMs: (broadcast - synchronization) / 1e6,
  };
}
