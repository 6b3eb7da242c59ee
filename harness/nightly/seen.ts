import type { Election, Ledger, ZabPhase } from '../ledger/ledger.ts';
import type { JournalEntry } from '../run/journal-entry.ts';
import { nodeName, type Topology } from '../topology/topology.ts';
import { added, type Coverage } from './coverage.ts';

/** What a scenario left behind, as far as coverage goes. */
export interface Traces {
  journal: readonly JournalEntry[];
  ledger: Pick<Ledger, 'elections'>;
  topology: Pick<Topology, 'nodes'>;
  workload: string;
}

/** What was seen to happen: faults that landed, by the roles that the journal noted and the phases that servers logged. */
export function coverageIn({ journal, ledger, topology, workload }: Traces): Coverage {
  let seen: Coverage = [];
  for (const [i, landed] of journal.entries()) {
    if (landed.kind !== 'fault-landed') continue;
    const { fault, step, victims } = landed;
    const intent = journal
      .slice(0, i)
      .findLast((entry) => entry.kind === 'fault-intent' && entry.step === step && entry.fault === fault);
    if (intent?.kind !== 'fault-intent') continue;
    const phase = phaseAt(ledger.elections, intent.atNs);
    const cells = victims.map((sid) => ({
      fault,
      role: intent.roles[nodeName(sid)] ?? 'unknown',
      phase,
      version: topology.nodes.find((node) => node.sid === sid)?.version ?? 'unknown',
      workload,
      times: 1,
    }));
    seen = added(seen, cells);
  }
  return seen;
}

/**
 * Where the ensemble was: what any server of an election that was under way entered last. Releases before 3.5.10 do not log
 * phases; with them an election is one until a leader has its quorum. Between elections all is broadcast.
 */
function phaseAt(elections: readonly Election[], atNs: number): ZabPhase {
  const running = elections.find(
    ({ startedNs, endedNs = Number.POSITIVE_INFINITY }) => startedNs <= atNs && atNs < endedNs,
  );
  if (!running) return 'broadcast';
  const entered = (running.phases ?? []).filter((each) => each.atNs <= atNs).sort((a, b) => a.atNs - b.atNs);
  return entered.at(-1)?.phase ?? 'election';
}
