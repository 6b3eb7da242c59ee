import type { JournalEntry } from '../run/journal-entry.ts';
import type { Reign, Trigger } from './ledger.ts';

type Announced = Extract<JournalEntry, { kind: 'fault-intent' | 'fault-healing' }>;

/** A heal is over when the ensemble serves again; servers that noticed late may still vote anew for this long. */
const afterHealNs = 5e9;

/** Followers may notice the end of their leader before the harness notes it. */
const exitNoticedNs = 1e9;

/** How a leader's log tells that too few followers were left: 3.4.6 and later, 3.4.5. */
const lostQuorum = /^(?:Not sufficient followers synced|Waiting for a quorum|Only \d+ followers)/;

/**
 * Why the election that began at `startedNs` came to be: what the journal says was being done to the ensemble when the
 * leader `before` it was lost, else what that leader's log says.
 */
export function triggerOf(
  before: Reign | undefined,
  startedNs: number,
  journal: readonly JournalEntry[],
): Trigger {
  if (!before) return { kind: 'start' };
  const lostNs = Math.min(startedNs, before.endedNs ?? startedNs);
  const exit = journal.find(
    (entry) => entry.kind === 'server-exit' && entry.sid === before.leader && entry.atNs === before.endedNs,
  );
  const exited = exit?.kind === 'server-exit' && exit.atNs <= startedNs + exitNoticedNs ? exit : undefined;
  if (exited && !exited.asked) return { kind: 'crash', victims: [before.leader], atNs: exited.atNs };
  const phase = exited && phaseAt(journal, exited.atNs);
  if (exited && (phase === 'power-off' || phase === 'teardown')) return { kind: phase, atNs: exited.atNs };

  const open = openFaults(journal, lostNs);
  const fault = open.findLast(({ victims }) => victims.includes(before.leader)) ?? open.at(-1);
  if (fault) return { kind: fault.fault, ...about(fault) };
  if (exited) {
    const kind = exited.signal === 'SIGKILL' ? 'kill' : 'stop';
    return { kind, victims: [before.leader], atNs: exited.atNs };
  }
  const heal = journal.findLast((entry) => entry.kind === 'fault-healing' && entry.atNs <= startedNs);
  if (heal?.kind === 'fault-healing' && startedNs - heal.atNs < afterHealNs) {
    return { kind: 'heal', ...about(heal) };
  }
  return { kind: lostQuorum.test(before.endedBecause ?? '') ? 'lost-quorum' : 'unknown' };
}

const about = ({ step, victims, atNs }: Announced) => ({ step, victims, atNs });

/** Announced and not yet being healed, nor missed, in the order of their announcement. */
function openFaults(journal: readonly JournalEntry[], atNs: number) {
  const open: Extract<JournalEntry, { kind: 'fault-intent' }>[] = [];
  for (const entry of journal) {
    if (entry.atNs > atNs) break;
    if (entry.kind === 'fault-intent') open.push(entry);
    else if (entry.kind === 'fault-healing' || entry.kind === 'fault-missed') {
      const at = open.findLastIndex(({ step, fault }) => step === entry.step && fault === entry.fault);
      if (at >= 0) open.splice(at, 1);
    }
  }
  return open;
}

function phaseAt(journal: readonly JournalEntry[], atNs: number): string | undefined {
  const last = journal.findLast((entry) => entry.kind === 'phase' && entry.atNs <= atNs);
  return last?.kind === 'phase' ? last.phase : undefined;
}
