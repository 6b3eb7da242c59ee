import type { Op, OpKind } from '../../../harness/history/op.ts';
import {
  changing,
  erase,
  hasLostWrites,
  isAckedSet,
  isGet,
  type Mutation,
  olderOf,
  withField,
} from './lie.ts';

const set = '/gauntlet/set';
const isWorkList = ({ kind, outcome, phase }: Op) =>
  kind === 'getChildren' && outcome === 'ok' && phase === 'workload';
const isUpdate = (kind: OpKind) => kind === 'create' || kind === 'delete' || kind === 'setData';
const partsOf = ({ value }: Op) => JSON.parse(value!) as { kind: string; path: string }[];

/** Refusals that the state of the tree does not explain. */
const refusals: readonly { name: string; error: number; kind: OpKind; path?: string; version: number }[] = [
  { name: 'a node that is there is refused as missing', error: -101, kind: 'setData', version: -1 },
  {
    name: 'a create is refused because of a node that is not there',
    error: -110,
    kind: 'create',
    path: '/gauntlet/nowhere',
    version: -1,
  },
  {
    name: 'a delete is refused because of children that are not there',
    error: -111,
    kind: 'delete',
    version: -1,
  },
  {
    name: 'a create is refused as if its parent were ephemeral',
    error: -108,
    kind: 'create',
    path: '/gauntlet/set/below',
    version: -1,
  },
];

export const treeMutations: readonly Mutation[] = [
  {
    name: 'a number of a sequence is given twice',
    caughtBy: ['sequence-numbers'],
    apply: changing(
      (op) => op.kind === 'create' && op.flags === 2 && op.outcome === 'ok',
      (op, { ops }) => {
        const other = ops.find(
          (each) =>
            each.kind === 'create' && each.flags === 2 && each.outcome === 'ok' && each.zxid < op.zxid,
        );
        if (!other) return false;
        op.result = other.result;
        return true;
      },
    ),
  },
  {
    name: 'a number of a sequence is skipped',
    caughtBy: ['sequence-numbers'],
    apply: changing(
      (op) => op.kind === 'create' && op.flags === 2 && op.outcome === 'ok',
      (op, run) => {
        const name = op.result!.slice(op.result!.lastIndexOf('/') + 1);
        const number = Number(name.slice(2));
        const renamed = `n-${String(number + 100).padStart(10, '0')}`;
        run.ops = run.ops.map((each) => JSON.parse(JSON.stringify(each).replaceAll(name, renamed)) as Op);
        return true;
      },
    ),
  },
  {
    name: 'a multi is half applied',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'multi' && op.outcome === 'ok',
      (op, { ops }) => {
        const created = partsOf(op).find(({ kind, path }) => kind === 'create' && path.startsWith(`${set}/`));
        return created !== undefined && erase(ops, created.path, (each) => each.zxid > op.zxid);
      },
    ),
  },
  {
    name: 'the other half of a multi is not applied',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'multi' && op.outcome === 'ok',
      (op, { ops }) => {
        const path = partsOf(op).find(({ kind }) => kind === 'setData')?.path ?? '';
        const reads = ops.filter((each) => isGet(each) && each.path === path && each.stat!.mzxid === op.zxid);
        const older = reads[0] && olderOf(ops, reads[0].stat!, path);
        if (!older) return false;
        for (const read of reads) Object.assign(read, { value: older.value, stat: { ...older.stat } });
        return true;
      },
    ),
  },
  {
    name: 'a multi answers with one result too few',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'multi' && op.outcome === 'ok',
      (op) => {
        op.result = JSON.stringify((JSON.parse(op.result!) as unknown[]).slice(1));
        return true;
      },
    ),
  },
  {
    name: 'a refused multi names two reasons',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'multi' && op.outcome === 'fail',
      (op) => {
        op.result = op.result!.replaceAll('-2}', '-103}');
        return (JSON.parse(op.result!) as { error: number }[]).filter(({ error }) => error < 0).length > 1;
      },
    ),
  },
  {
    name: 'a list lacks a child',
    caughtBy: ['linearizable-writes'],
    apply: changing(isWorkList, (op, { ops }) => {
      const names = JSON.parse(op.result!) as string[];
      // One that nobody may have deleted, seen here and later.
      const name = names.find(
        (each) =>
          op.path === '/gauntlet/set' &&
          ops.some(
            (other) =>
              other.path === `${op.path}/${each}` && other.phase === 'final' && other.outcome === 'ok',
          ),
      );
      if (name === undefined) return false;
      op.result = JSON.stringify(names.filter((each) => each !== name));
      op.stat = { ...op.stat!, numChildren: op.stat!.numChildren - 1, cversion: op.stat!.cversion + 1 };
      return true;
    }),
  },
  {
    name: 'a list names a child that nobody created',
    caughtBy: ['linearizable-writes'],
    apply: changing(isWorkList, (op) => {
      op.result = JSON.stringify([...(JSON.parse(op.result!) as string[]), 'stranger']);
      op.stat = { ...op.stat!, numChildren: op.stat!.numChildren + 1, cversion: op.stat!.cversion + 1 };
      return true;
    }),
  },
  {
    name: 'a list names a child twice',
    caughtBy: ['linearizable-writes'],
    apply: changing(isWorkList, (op) => {
      const names = JSON.parse(op.result!) as string[];
      op.result = JSON.stringify([...names, ...names.slice(0, 1)]);
      return names.length > 0;
    }),
  },
  {
    name: 'numChildren is not the length of the list',
    caughtBy: ['linearizable-writes'],
    apply: changing(isWorkList, (op) => withField(op, 'numChildren')),
  },
  {
    name: 'a parent does not show in its pzxid that a child was created',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => isWorkList(op) && op.stat!.numChildren > 0,
      (op, { ops }) => {
        const { pzxid, czxid } = op.stat!;
        const known = ops.some(
          (each) => each.zxid === pzxid && each.kind === 'create' && each.outcome === 'ok',
        );
        return known && withField(op, 'pzxid', czxid - pzxid);
      },
    ),
  },
  {
    name: 'a parent counts a child too many',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => isWorkList(op) && op.path === '/gauntlet/registers',
      (op) => withField(op, 'cversion', 2),
    ),
  },
  {
    name: 'a node that is there is told not to be',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => isGet(op) && op.phase === 'workload',
      (op) => {
        Object.assign(op, { outcome: 'fail', error: -101, stat: null, value: null });
        return true;
      },
    ),
  },
  ...refusals.map(
    ({ name, error, path, kind, version }): Mutation => ({
      name,
      caughtBy: ['linearizable-writes'],
      apply: changing(isAckedSet, (op) => {
        const whole = { kind, path: path ?? op.path, version, value: null, stat: null, result: null };
        Object.assign(op, whole, { outcome: 'fail', error });
        return true;
      }),
    }),
  ),
  {
    name: 'a write is refused for its version, which is right',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      ({ outcome, error, kind }) =>
        outcome === 'fail' && error !== -108 && kind !== 'multi' && isUpdate(kind),
      (op, { ops }, random) => {
        // A register that was read with one Stat before and behind this transaction.
        const reads = ops.filter((each) => isGet(each) && !hasLostWrites(ops, each.path));
        const later = reads.filter(({ zxid, stat }) => zxid > op.zxid && stat!.mzxid < op.zxid);
        if (later.length === 0) return false;
        const { path, stat } = random.pick(later);
        Object.assign(op, { kind: 'setData', path, version: stat!.version, error: -103, value: null });
        return true;
      },
    ),
  },
  {
    name: 'a node with children is deleted',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'delete' && op.error === -111,
      (op) => {
        Object.assign(op, { outcome: 'ok', error: 0 });
        return true;
      },
    ),
  },
  {
    name: 'an ephemeral is given a child',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'create' && op.error === -108,
      (op) => {
        Object.assign(op, { outcome: 'ok', error: 0, result: op.path });
        return true;
      },
    ),
  },
  {
    name: 'a node is created below nothing',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'create' && op.error === -101,
      (op) => {
        Object.assign(op, { outcome: 'ok', error: 0, result: op.path });
        return true;
      },
    ),
  },
];
