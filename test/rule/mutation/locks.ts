import type { Op } from '../../../harness/history/op.ts';
import { guarded, lock } from '../simulated-moves.ts';
import { changing, type Mutation } from './lie.ts';

const isList = (op: Op) =>
  op.kind === 'getChildren' && op.path === lock && op.outcome === 'ok' && op.phase === 'workload';
const isOwn = (ops: readonly Op[], { session }: Op, name: string) =>
  ops.some(
    (op) =>
      op.kind === 'create' &&
      op.outcome === 'ok' &&
      op.session === session &&
      op.result === `${lock}/${name}`,
  );

export const lockMutations: readonly Mutation[] = [
  {
    name: 'a lock has two holders at one zxid',
    caughtBy: ['locks', 'linearizable-writes'],
    apply: changing(isList, (op, { ops }) => {
      const [first, second] = (JSON.parse(op.result!) as string[]).sort();
      if (second === undefined || !isOwn(ops, op, second)) return false;
      const holder = ops.some(
        (each) =>
          isList(each) &&
          each.zxid < op.zxid &&
          (JSON.parse(each.result!) as string[]).sort()[0] === first &&
          isOwn(ops, each, first!),
      );
      const owner = ops.find(
        ({ kind, result }) => kind === 'create' && result === `${lock}/${first}`,
      )?.session;
      const leaves = ops.some(
        ({ kind, outcome, path, zxid, session }) =>
          outcome === 'ok' &&
          zxid > op.zxid &&
          ((kind === 'delete' && path === `${lock}/${first}`) || (kind === 'close' && session === owner)),
      );
      if (!holder || !leaves) return false;
      const left = (JSON.parse(op.result!) as string[]).filter((name) => name !== first);
      op.result = JSON.stringify(left);
      op.stat = { ...op.stat!, numChildren: left.length, cversion: op.stat!.cversion + 1 };
      return true;
    }),
  },
  {
    name: 'a write under a lock comes behind one with a later token',
    caughtBy: ['locks'],
    apply: changing(
      (op) => op.kind === 'setData' && op.outcome === 'ok' && op.path === guarded,
      (op, run) => {
        if (
          !run.ops.some(
            ({ kind, outcome, path, zxid }) =>
              kind === 'setData' && outcome === 'ok' && path === guarded && zxid > op.zxid,
          )
        )
          return false;
        // The same length, so that only the token is a lie; told alike to all who read it.
        const lie = op.value!.replace(/^\d+/, (token) => '9'.repeat(token.length));
        const value = op.value!;
        run.ops = run.ops.map((each) => (each.value === value ? { ...each, value: lie } : each));
        return true;
      },
    ),
  },
];
