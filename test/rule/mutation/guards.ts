import type { Random } from '../../../harness/base/random.ts';
import type { Op, Zxid } from '../../../harness/history/op.ts';
import type { Simulated } from '../simulated-ensemble.ts';
import { changing, copyOf, isAnswer, isGet } from './lie.ts';

/** A change after which the history is as lawful as before: whoever says a word is a false alarm. */
export interface Guard {
  name: string;
  apply(run: Simulated, random: Random): Simulated | undefined;
}

/** The same rows, each changed or dropped. */
const everywhere =
  (change: (op: Op, random: Random) => Op | undefined) =>
  (run: Simulated, random: Random): Simulated => {
    const copy = copyOf(run);
    copy.ops = copy.ops.flatMap((op) => change(op, random) ?? []);
    return copy;
  };

const isWork = ({ phase }: Op) => phase === 'workload';
const isRead = ({ kind }: Op) =>
  kind === 'getData' || kind === 'exists' || kind === 'getChildren' || kind === 'getACL';
const isUpdate = ({ kind }: Op) =>
  kind === 'create' || kind === 'delete' || kind === 'setData' || kind === 'setACL' || kind === 'multi';

export const guards: readonly Guard[] = [
  {
    name: 'a plain read is stale across sessions',
    apply: changing(
      (op) => isGet(op) && isWork(op) && op.flags === 0,
      (op, { ops }) => {
        const own = ops.filter(
          (each) => each.session === op.session && isAnswer(each) && each.invokedNs < op.invokedNs,
        );
        if (own.some(({ kind }) => kind === 'sync')) return false;
        const seen = Math.max(0, ...own.map(({ zxid }) => zxid));
        const older = ops.find(
          (each) => isGet(each) && each.path === op.path && each.zxid >= seen && each.zxid < op.zxid,
        );
        if (!older) return false;
        Object.assign(op, { zxid: older.zxid, value: older.value, stat: older.stat });
        return true;
      },
    ),
  },
  {
    name: 'a third of all reads was never recorded',
    apply: everywhere((op, random) =>
      isWork(op) && isRead(op) && op.flags === 0 && random.int(1, 3) === 1 ? undefined : op,
    ),
  },
  {
    name: 'a fifth of all answers to updates was lost',
    apply: everywhere((op, random) => {
      if (!isWork(op) || !isUpdate(op) || op.outcome === 'notSent' || random.int(1, 5) > 1) return op;
      return { ...op, outcome: 'unknown', error: -7, zxid: 0 as Zxid, stat: null, result: null };
    }),
  },
  {
    name: 'a fifth of all answers to reads was lost',
    apply: everywhere((op, random) => {
      // A client sets a watch again only if the server has confirmed it.
      if (!isWork(op) || !isRead(op) || op.flags !== 0 || random.int(1, 5) > 1) return op;
      return { ...op, outcome: 'unknown', error: -7, zxid: 0 as Zxid, stat: null, result: null, value: null };
    }),
  },
  {
    name: 'a read was recorded twice',
    apply: (run, random) => {
      const copy = copyOf(run);
      const rows = copy.ops.flatMap((op, row) =>
        isRead(op) && isWork(op) && op.outcome === 'ok' ? [row] : [],
      );
      if (rows.length === 0) return undefined;
      const row = random.pick(rows);
      copy.ops.splice(row, 0, { ...copy.ops[row]! });
      return copy;
    },
  },
  {
    name: 'requests that were never sent',
    apply: everywhere((op, random) => {
      if (!isWork(op) || op.outcome !== 'unknown' || random.int(1, 2) > 1) return op;
      return isRead(op) ? { ...op, outcome: 'notSent' } : op;
    }),
  },
  {
    name: 'every operation took three times as long',
    apply: (run) => {
      const copy = copyOf(run);
      for (const op of copy.ops) {
        op.invokedNs *= 3;
        op.returnedNs *= 3;
      }
      for (const entry of copy.rest.journal) {
        entry.atNs *= 3;
        if ('deadlineNs' in entry) entry.deadlineNs *= 3;
      }
      for (const reign of copy.rest.ledger.reigns) {
        reign.establishedNs *= 3;
        if (reign.endedNs !== undefined) reign.endedNs *= 3;
      }
      return copy;
    },
  },
  {
    name: 'servers before 3.9, which tell events without their zxids',
    apply: everywhere((op) => (op.kind === 'event' ? { ...op, zxid: 0 as Zxid } : op)),
  },
  {
    name: 'two registers exchange their names',
    apply: (run) => {
      const swapped = JSON.stringify(run.ops)
        .replaceAll('registers/r1', 'registers/rX')
        .replaceAll('registers/r2', 'registers/r1')
        .replaceAll('registers/rX', 'registers/r2');
      const copy = copyOf(run);
      const { transactions: _, ...rest } = copy.rest;
      return {
        ops: JSON.parse(swapped) as Op[],
        rest: { ...rest, lacks: { 'server-disks': 'not looked at' } },
      };
    },
  },
];
