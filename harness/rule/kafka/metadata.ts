import { type Change, isRefusal, type Transaction } from '../../datadir/transaction.ts';
import type { Zxid } from '../../history/op.ts';
import type { Evidence } from '../rule.ts';

/** One change of what brokers keep in ZooKeeper; its path without the chroot. */
export interface MetadataChange {
  zxid: Zxid;
  timeMs: number;
  session: string;
  path: string;
  value: string;
  /** Of the same transaction, itself included. */
  together: readonly string[];
}

/**
 * All that brokers wrote, in the order of ZooKeeper, from the servers' own transaction logs: no state between two looks
 * is missing. Refused transactions are left out.
 */
export function metadataChanges({ transactions, topology }: Evidence): MetadataChange[] {
  const chroot = topology.kafka?.chroot ?? '';
  const byZxid = new Map<number, Transaction>();
  for (const { transaction } of transactions?.rows ?? []) byZxid.set(transaction.zxid, transaction);
  return [...byZxid.values()]
    .filter((transaction) => !isRefusal(transaction))
    .sort((a, b) => a.zxid - b.zxid)
    .flatMap((transaction) => {
      const { zxid, timeMs, session } = transaction;
      const parts: readonly Change[] = transaction.type === 'multi' ? transaction.parts : [transaction];
      const written = parts.flatMap((part) => {
        if (!('value' in part) || part.value === null || !part.path.startsWith(`${chroot}/`)) return [];
        return [{ path: part.path.slice(chroot.length), value: part.value }];
      });
      const together = written.map(({ path }) => path);
      return written.map(({ path, value }) => ({ zxid, timeMs, session, path, value, together }));
    });
}
