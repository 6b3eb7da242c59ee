import type { History } from '../harness/history/history.ts';
import { isWrite, outcomeIndex, phaseIndex } from './op-class.ts';

/** A stretch in which a client waited for a write and no write was decided for anybody. */
export interface Outage {
  fromNs: number;
  toNs: number;
  /** False when no write was decided any more before clients stopped. */
  ended: boolean;
}

/** Shorter gaps are ordinary: a disk flush or a garbage collection. */
export const outageMs = 200;

/**
 * Answers by which the ensemble shows that it decides: the leader ordered the write and found that it does not apply
 * (NoNode, BadVersion, NoChildrenForEphemerals, NodeExists, NotEmpty; KeeperException.Code in ZooKeeper).
 */
export const decidedErrors = new Set([-101, -103, -108, -110, -111]);

/**
 * Unavailability for writes during the workload. It begins with the last write that was acknowledged (or decided),
 * or with the first request made after it: a client that asked for nothing was denied nothing. It ends with the next.
 */
export function outagesOf(history: History): Outage[] {
  const writes = workloadWrites(history).sort((a, b) => history.returnedNs[a]! - history.returnedNs[b]!);
  const earliestRequest = new Float64Array(writes.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let i = writes.length - 1; i >= 0; i--) {
    earliestRequest[i] = Math.min(earliestRequest[i + 1]!, history.invokedNs[writes[i]!]!);
  }

  const outages: Outage[] = [];
  const note = (fromNs: number, toNs: number, ended: boolean) => {
    if (toNs - fromNs > outageMs * 1e6) outages.push({ fromNs, toNs, ended });
  };
  let lastAckNs = Number.NEGATIVE_INFINITY;
  let first = 0; // first write answered after that acknowledgement
  for (const [i, row] of writes.entries()) {
    if (!decided(history, row)) continue;
    const ackNs = history.returnedNs[row]!;
    note(Math.max(lastAckNs, earliestRequest[first]!), ackNs, true);
    lastAckNs = ackNs;
    first = i + 1;
  }
  const last = writes.at(-1);
  if (last !== undefined && first < writes.length) {
    note(Math.max(lastAckNs, earliestRequest[first]!), history.returnedNs[last]!, false);
  }
  return outages;
}

function workloadWrites(history: History): number[] {
  const rows: number[] = [];
  for (let row = 0; row < history.length; row++) {
    if (isWrite[history.kind[row]!] && history.phase[row] === phaseIndex.workload) rows.push(row);
  }
  return rows;
}

function decided(history: History, row: number): boolean {
  if (history.outcome[row] === outcomeIndex.ok) return true;
  return history.outcome[row] === outcomeIndex.fail && decidedErrors.has(history.error[row]!);
}
