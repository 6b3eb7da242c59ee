import type { Op, Stat } from '../../../harness/history/op.ts';
import {
  ackedSetElement,
  changing,
  copyOf,
  erase,
  hasLostWrites,
  isAckedSet,
  isFinal,
  isGet,
  type Mutation,
  olderOf,
  withField,
} from './lie.ts';

export const dataMutations: readonly Mutation[] = [
  {
    name: 'a read returns an old value with the true mzxid',
    caughtBy: ['linearizable-writes'],
    apply: changing(isGet, (op, { ops }) => {
      const older = olderOf(ops, op.stat!, op.path);
      if (!older || older.value === op.value) return false;
      op.value = older.value;
      return true;
    }),
  },
  {
    name: 'a read returns an old value and its old Stat under a new zxid',
    caughtBy: ['linearizable-writes'],
    apply: changing(isGet, (op, { ops }) => {
      const older = olderOf(ops, op.stat!, op.path);
      // A write that nobody else saw may have come later.
      const seen = ops.some((each) => isAckedSet(each) && each.zxid === op.stat!.mzxid);
      if (!older || !seen) return false;
      op.value = older.value;
      op.stat = older.stat;
      return true;
    }),
  },
  {
    name: 'two updates exchange their zxids against real time',
    caughtBy: ['linearizable-writes'],
    apply: changing(isAckedSet, (op, { ops }) => {
      const later = ops.find(
        (each) =>
          isAckedSet(each) &&
          each.invokedNs > op.returnedNs &&
          each.path !== op.path &&
          each.session !== op.session,
      );
      if (!later) return false;
      [op.zxid, later.zxid] = [later.zxid, op.zxid];
      op.stat!.mzxid = op.zxid;
      later.stat!.mzxid = later.zxid;
      return true;
    }),
  },
  {
    name: 'two updates share a zxid',
    caughtBy: ['linearizable-writes'],
    apply: changing(isAckedSet, (op, { ops }) => {
      const other = ops.find((each) => isAckedSet(each) && each.zxid !== op.zxid && each.path !== op.path);
      if (!other) return false;
      op.zxid = other.zxid;
      return true;
    }),
  },
  {
    name: 'a refused conditional write is told to have succeeded',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'setData' && op.error === -103,
      (op, { ops }) => {
        const seen = ops.find((each) => isGet(each) && each.path === op.path);
        if (!seen || hasLostWrites(ops, op.path)) return false;
        const stat = { ...seen.stat!, mzxid: op.zxid, version: op.version + 1, dataLength: op.value!.length };
        Object.assign(op, { outcome: 'ok', error: 0, stat });
        return true;
      },
    ),
  },
  {
    name: 'a write that others read is told to have been refused',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => isAckedSet(op) && op.version >= 0,
      (op, { ops }) => {
        if (!ops.some((each) => isGet(each) && each.path === op.path && each.value === op.value))
          return false;
        Object.assign(op, { outcome: 'fail', error: -103, stat: null });
        return true;
      },
    ),
  },
  {
    name: 'a write answers with a version one too high',
    caughtBy: ['linearizable-writes'],
    apply: changing(isAckedSet, (op, { ops }) => {
      op.stat!.version++;
      return !hasLostWrites(ops, op.path);
    }),
  },
  {
    name: 'a read shows a version one too low',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => isGet(op) && op.stat!.version > 1,
      (op) => {
        op.stat!.version--;
        return true;
      },
    ),
  },
  {
    name: 'a write without an answer appears and vanishes again',
    caughtBy: ['linearizable-writes'],
    apply: (run, random) => {
      const { ops } = run;
      const lost = random.shuffle(
        ops.filter((op) => op.kind === 'setData' && op.outcome === 'unknown' && op.value !== null),
      );
      for (const { path, value } of lost) {
        const seen = ops.filter((op) => isGet(op) && op.path === path && op.value === value);
        const after = ops.filter(
          (op) => isGet(op) && op.path === path && op.zxid > (seen[0]?.zxid ?? Number.POSITIVE_INFINITY),
        );
        if (seen.length === 0 || after.length === 0) continue;
        const copy = copyOf(run);
        const victim = copy.ops[ops.indexOf(random.pick(after))]!;
        const older = olderOf(ops, seen[0]!.stat!, path);
        if (!older) continue;
        victim.value = older.value;
        victim.stat = older.stat;
        return copy;
      }
      return undefined;
    },
  },
  {
    name: 'a read shows a value that nobody wrote',
    caughtBy: ['linearizable-writes'],
    apply: changing(isGet, (op) => {
      op.value = 'x'.repeat(op.stat!.dataLength);
      return true;
    }),
  },
  {
    name: 'an acknowledged write is missing in all later states',
    caughtBy: ['linearizable-writes'],
    apply: changing(ackedSetElement, ({ path, zxid }, { ops }) => erase(ops, path, (op) => op.zxid > zxid)),
  },
  ...(
    [
      'czxid',
      'mzxid',
      'pzxid',
      'cversion',
      'ctimeMs',
      'dataLength',
      'numChildren',
      'ephemeralOwner',
    ] as const satisfies (keyof Stat)[]
  ).map(
    (field): Mutation => ({
      name: `a read shows a wrong ${field}`,
      caughtBy: ['linearizable-writes'],
      apply: changing(
        (op) => isGet(op) && !isFinal(op),
        (op) => withField(op, field),
      ),
    }),
  ),
  {
    name: 'a read shows another mtime than the write before',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => isGet(op) && !isFinal(op),
      (op, { ops }) =>
        ops.some((each) => isAckedSet(each) && each.zxid === op.stat!.mzxid) && withField(op, 'mtimeMs'),
    ),
  },
  {
    name: 'an access list changes and nobody changed it',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => isGet(op) && !isFinal(op),
      (op, { ops }) =>
        !ops.some((each) => each.kind === 'setACL' && each.outcome === 'unknown' && each.path === op.path) &&
        withField(op, 'aversion'),
    ),
  },
  {
    name: 'one version of an access list reads in two ways',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'getACL' && op.outcome === 'ok',
      (op, { ops }) => {
        const same = (each: Op) =>
          each !== op && (each.kind === 'getACL' || each.kind === 'setACL') && each.path === op.path;
        if (!ops.some((each) => same(each) && each.stat?.aversion === op.stat!.aversion)) return false;
        op.result = op.result!.replace('31', '1');
        return true;
      },
    ),
  },
  {
    name: 'a conditional change of an access list succeeds at the wrong version',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'setACL' && op.outcome === 'ok' && op.version >= 0,
      (op) => {
        op.version++;
        return true;
      },
    ),
  },
];
