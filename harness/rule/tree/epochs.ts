import type { History } from '../../history/history.ts';
import { epochOf, type Zxid } from '../../history/op.ts';
import { answer, type Roles, write } from './roles.ts';

/** What clients saw of the leader of one epoch. */
export interface Epoch {
  epoch: number;
  /** When the first answer with a zxid of it came: its leader had begun to count the timeouts of all sessions by then. */
  seenNs: number;
  /** When the last write that it acknowledged was invoked: it still led then. */
  ledNs: number;
}

/** Every epoch from which an answer came. */
export function epochsOf(history: History, roles: Roles): Epoch[] {
  const epochs = new Map<number, Epoch>();
  let met: Epoch | undefined;
  for (let row = 0; row < history.length; row++) {
    if (roles[row]! < answer) continue;
    const epoch = epochOf(history.zxid[row]! as Zxid);
    if (met?.epoch !== epoch) {
      met = epochs.get(epoch) ?? { epoch, seenNs: Number.POSITIVE_INFINITY, ledNs: 0 };
      epochs.set(epoch, met);
    }
    if (history.returnedNs[row]! < met.seenNs) met.seenNs = history.returnedNs[row]!;
    if (roles[row] === write && history.invokedNs[row]! > met.ledNs) met.ledNs = history.invokedNs[row]!;
  }
  return [...epochs.values()];
}
