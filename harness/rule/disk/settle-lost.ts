import type { Change, Transaction } from '../../datadir/transaction.ts';

import type { Breach } from '../tree/node-life.ts';
import type { Told } from '../tree/told.ts';
import type { Lost, Update } from '../tree/updates.ts';
import { zxidText } from '../words.ts';
import type { Met } from './fates.ts';

/** Writes without an answer that the logs decide. */
export interface Settled {
  /** They stand at the zxids the logs give them. */
  applied: Update[];
  /** An order that no request may be applied in. */
  breaches: Breach[];
}

/**
 * Makes of every write without an answer what the servers' logs say of it: one that was applied is an update like any
 * other; one that was refused, or is in no log, explains nothing any more and leaves `told.lost`.
 */
export function settleLost(told: Told, fates: ReadonlyMap<Lost, Met>): Settled {
  const settled: Settled = { applied: [], breaches: [] };
  const open: Lost[] = [];
  for (const lost of told.lost) {
    const met = fates.get(lost);
    if (met?.fate === 'refused' || met?.fate === 'never') continue;
    open.push(lost);
    if (met?.fate !== 'applied') continue;
    const breach = outOfOrder(lost, met.transaction);
    if (breach) settled.breaches.push(breach);
    apply(told, lost, met.transaction);
    settled.applied.push(...lost.updates);
  }
  told.lost.splice(0, told.lost.length, ...open);
  return settled;
}

function apply({ paths }: Told, lost: Lost, transaction: Transaction): void {
  lost.zxid = transaction.zxid;
  for (const update of lost.updates) {
    const change: Change = transaction.type === 'multi' ? transaction.parts[update.part]! : transaction;
    update.zxid = transaction.zxid;
    if (update.kind === 'create' && 'path' in change) {
      Object.assign(update, { path: change.path, node: paths.idOf(change.path) });
    }
    if (change.type === 'setData' || change.type === 'setACL') update.versionSeen = change.version;
  }
}

/** "Updates from a client will be applied in the order that they were sent", and behind all that had been answered. */
function outOfOrder({ row, updates, after, before }: Lost, { zxid }: Transaction): Breach | undefined {
  if (after < zxid && zxid < before) return undefined;
  const { path } = updates[0]!;
  const bound =
    zxid <= after
      ? `although ${zxidText(after)} had been answered before it was sent`
      : `although its session sent it before what stands at ${zxidText(before)}`;
  return { path, what: `was changed by a request without an answer, ${bound},`, rows: [row], zxid };
}
