import type { Random } from '../../../harness/base/random.ts';
import type { Op, OpKind, Zxid } from '../../../harness/history/op.ts';
import type { Simulated } from '../simulated-ensemble.ts';
import { changing, copyOf, isAnswer, type Mutation, restOfConnection } from './lie.ts';

const updates: readonly OpKind[] = ['create', 'delete', 'setData', 'multi', 'close'];

/** Events of changes somebody was answered for, with an answer from a later state behind them on the same connection. */
function eventsIn(
  { ops }: Simulated,
  lies: (op: Op) => boolean = () => true,
): { row: number; behind: number }[] {
  const known = new Set(
    ops.filter(({ kind, outcome }) => outcome === 'ok' && updates.includes(kind)).map(({ zxid }) => zxid),
  );
  return ops.flatMap((op, row) => {
    if (op.kind !== 'event' || op.zxid <= 0 || !known.has(op.zxid) || !lies(op)) return [];
    // Right behind a reconnect a watch that stays may have missed what happened in between.
    const before = ops.findLast(
      (each, at) => at < row && each.session === op.session && each.kind !== 'event',
    );
    if (!before || !isAnswer(before)) return [];
    const behind = restOfConnection(ops, row).find(
      (at) => isAnswer(ops[at]!) && ops[at]!.zxid >= op.zxid && ops[at]!.kind !== 'close',
    );
    return behind === undefined ? [] : { row, behind };
  });
}

function lying(
  lies: (op: Op) => boolean,
  change: (ops: Op[], row: number, behind: number) => void,
): (run: Simulated, random: Random) => Simulated | undefined {
  return (run, random) => {
    const events = eventsIn(run, lies);
    if (events.length === 0) return undefined;
    const { row, behind } = random.pick(events);
    const copy = copyOf(run);
    change(copy.ops, row, behind);
    return copy;
  };
}

const any = () => true;
const isOfRegister = ({ path }: Op) => path.startsWith('/gauntlet/registers/');

export const watchMutations: readonly Mutation[] = [
  {
    name: 'a watch event is lost',
    caughtBy: ['watches'],
    apply: lying(any, (ops, row) => ops.splice(row, 1)),
  },
  {
    name: 'a watch event comes twice',
    caughtBy: ['watches'],
    apply: lying(any, (ops, row) => ops.splice(row, 0, { ...ops[row]! })),
  },
  {
    name: 'a watch event comes behind the new data',
    caughtBy: ['watches'],
    apply: lying(any, (ops, row, behind) => {
      const [event] = ops.splice(row, 1);
      const { returnedNs } = ops[behind - 1]!;
      ops.splice(behind, 0, { ...event!, invokedNs: returnedNs + 1, returnedNs: returnedNs + 1 });
    }),
  },
  {
    name: 'a watch event has the wrong type',
    caughtBy: ['watches'],
    apply: lying(isOfRegister, (ops, row) => {
      ops[row]!.value = 'NodeDeleted';
    }),
  },
  {
    name: 'a watch event points to another node',
    caughtBy: ['watches'],
    apply: lying(isOfRegister, (ops, row) => {
      ops[row]!.path = '/gauntlet/registers';
    }),
  },
  {
    name: 'a watch fires for a change that did not happen',
    caughtBy: ['watches'],
    apply: changing(
      (op) => op.kind === 'event' && op.zxid > 0 && isOfRegister(op),
      (op, { ops }) => {
        const refused = ops.find(
          ({ kind, outcome, zxid }) => kind === 'delete' && outcome === 'fail' && zxid > op.zxid,
        );
        const unsure = ops.some(
          ({ outcome, path, kind }) => outcome === 'unknown' && (path === op.path || kind === 'multi'),
        );
        if (!refused || unsure) return false;
        op.zxid = refused.zxid as Zxid;
        return true;
      },
    ),
  },
  {
    name: 'watch events come in the wrong order',
    caughtBy: ['watches'],
    apply: (run) => {
      const copy = copyOf(run);
      for (let row = 0; row < copy.ops.length; row++) {
        const event = copy.ops[row]!;
        if (event.kind !== 'event' || event.zxid <= 0) continue;
        const next = restOfConnection(copy.ops, row)[0] ?? -1;
        const other = copy.ops[next];
        if (other?.kind !== 'event' || other.zxid <= event.zxid) continue;
        copy.ops[row] = { ...other, invokedNs: event.invokedNs, returnedNs: event.returnedNs };
        copy.ops[next] = { ...event, invokedNs: other.invokedNs, returnedNs: other.returnedNs };
        return copy;
      }
      return undefined;
    },
  },
];
