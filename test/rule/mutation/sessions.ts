import type { Random } from '../../../harness/base/random.ts';
import type { Op, Zxid } from '../../../harness/history/op.ts';
import type { Simulated } from '../simulated-ensemble.ts';
import { changing, copyOf, isAckedSet, isAnswer, isGet, type Mutation } from './lie.ts';

export const sessionMutations: readonly Mutation[] = [
  {
    name: 'a session reads an older state than it has seen',
    caughtBy: ['session-order'],
    apply: changing(
      (op) => op.kind === 'getData' && op.outcome === 'ok' && op.phase === 'workload',
      (op, { ops }) => {
        const before = ops.filter(
          (each) => each.session === op.session && each.zxid > 0 && each.invokedNs < op.invokedNs,
        );
        const highest = Math.max(0, ...before.map(({ zxid }) => zxid));
        if (highest <= op.stat!.mzxid) return false;
        op.zxid = (highest - 1) as Zxid;
        return true;
      },
    ),
  },
  {
    name: 'an update of a session overtakes the one it sent before',
    caughtBy: ['session-order'],
    apply: changing(isAckedSet, (op, { ops }) => {
      const next = ops.find((each) => isAckedSet(each) && each.session === op.session && each.zxid > op.zxid);
      if (!next) return false;
      [op.zxid, next.zxid] = [next.zxid, op.zxid];
      return true;
    }),
  },
  {
    name: 'an ephemeral outlives its closed session on one server',
    caughtBy: ['ephemerals'],
    apply: (run, random) => {
      const ended = new Map(
        run.ops
          .filter(({ kind, outcome }) => kind === 'close' && outcome === 'ok')
          .map((op) => [op.session, op]),
      );
      const created = run.ops.filter(
        (op) => op.kind === 'create' && op.flags === 1 && op.outcome === 'ok' && ended.has(op.session),
      );
      if (created.length === 0) return undefined;
      const victim = random.pick(created);
      const copy = copyOf(run);
      const model = copy.ops.findLast((op) => op.phase === 'final' && isGet(op))!;
      const owner = run.ops.find((op) => op.kind === 'connect' && op.session === victim.session)!.result!;
      const { zxid } = victim;
      const stat = {
        ...model.stat!,
        czxid: zxid,
        mzxid: zxid,
        pzxid: zxid,
        version: 0,
        ephemeralOwner: owner,
      };
      copy.ops.push({ ...model, path: victim.path, value: victim.value, stat });
      return copy;
    },
  },
  {
    name: 'an ephemeral vanishes while its session lives',
    caughtBy: ['ephemerals'],
    apply: (run, random) => {
      const { ops } = run;
      const looks = ops.filter(
        ({ kind, outcome, path }) =>
          kind === 'exists' && outcome === 'ok' && path.startsWith('/gauntlet/ephemerals/'),
      );
      const alive = looks.filter((look) => {
        const created = ops.find(
          (op) => op.kind === 'create' && op.path === look.path && op.outcome === 'ok',
        );
        const deletes = ops.some(
          (op) => op.kind === 'delete' && op.path === look.path && op.outcome !== 'fail',
        );
        const works = ops.some(
          (op) =>
            op.session === created?.session &&
            op.kind === 'setData' &&
            op.outcome === 'ok' &&
            op.zxid > look.zxid,
        );
        return created && !deletes && works;
      });
      if (alive.length === 0) return undefined;
      const copy = copyOf(run);
      const victim = copy.ops[ops.indexOf(random.pick(alive))]!;
      Object.assign(victim, { outcome: 'fail', error: -101, stat: null });
      return copy;
    },
  },
  {
    name: 'a session reads an older state behind a reconnect',
    caughtBy: ['session-order'],
    apply: changing(
      ({ kind, outcome, phase }) => kind === 'connect' && outcome === 'ok' && phase === 'workload',
      (connect, { ops }) => {
        const own = ops.filter((op) => op.session === connect.session && isAnswer(op));
        const before = Math.max(
          0,
          ...own.filter((op) => op.returnedNs < connect.invokedNs).map(({ zxid }) => zxid),
        );
        const next = own.find((op) => op.invokedNs > connect.returnedNs);
        if (before === 0 || next?.kind !== 'sync') return false;
        next.zxid = (before - 1) as Zxid;
        return true;
      },
    ),
  },
  {
    name: 'a closed session is answered from a later state',
    caughtBy: ['sessions'],
    apply: changing(
      (op) => op.kind === 'sync' && op.outcome === 'ok' && op.phase === 'workload',
      (op, { ops }) => {
        const close = ops.find(
          (each) => each.kind === 'close' && each.outcome === 'ok' && each.session === op.session,
        );
        if (!close) return false;
        ops.push({
          ...op,
          zxid: (close.zxid + 1) as Zxid,
          invokedNs: close.returnedNs + 1e6,
          returnedNs: close.returnedNs + 2e6,
        });
        return true;
      },
    ),
  },
  {
    name: 'a session that has expired is taken up again',
    caughtBy: ['sessions'],
    apply: changing(
      ({ kind }) => kind === 'expired',
      (op, { ops }) => {
        ops.push({
          ...op,
          kind: 'connect',
          invokedNs: op.returnedNs + 1e6,
          returnedNs: op.returnedNs + 2e6,
          result: '01',
        });
        return true;
      },
    ),
  },
  {
    name: 'an ephemeral is read behind the close of its session',
    caughtBy: ['ephemerals'],
    apply: changing(
      (op) => isGet(op) && op.phase === 'workload' && op.flags === 0,
      (op, { ops }, random) => {
        const closes = new Map(
          ops.flatMap(({ kind, outcome, session, zxid }) =>
            kind === 'close' && outcome === 'ok' ? [[session, zxid] as const] : [],
          ),
        );
        const made = ops.filter(
          ({ kind, outcome, flags, session }) =>
            kind === 'create' &&
            outcome === 'ok' &&
            flags === 1 &&
            (closes.get(session) ?? Infinity) <= op.zxid,
        );
        if (made.length === 0) return false;
        const { session, path, zxid, value } = random.pick(made);
        const owner = ops.find((each) => each.kind === 'connect' && each.session === session)!.result!;
        const [version, dataLength] = [0, value!.length];
        const stat = {
          ...op.stat!,
          czxid: zxid,
          mzxid: zxid,
          pzxid: zxid,
          version,
          ephemeralOwner: owner,
          dataLength,
        };
        Object.assign(op, { kind: 'exists', path, value: null, stat });
        return true;
      },
    ),
  },
  {
    name: 'a read behind a sync is stale while a fault is open',
    caughtBy: ['sync-reads'],
    verdict: 'gap',
    apply: staleBehindSync,
  },
];

const isRead = ({ kind, flags }: Op) =>
  flags === 0 && (kind === 'getData' || kind === 'exists' || kind === 'getChildren' || kind === 'getACL');

/** A pair whose session had seen less before: both answers as another session got them from an older state. */
function staleBehindSync(run: Simulated, random: Random): Simulated | undefined {
  const { ops } = run;
  const pairs = ops.flatMap((sync, row) => {
    if (sync.kind !== 'sync' || sync.outcome !== 'ok' || sync.phase !== 'workload') return [];
    const next = ops.findIndex((op, at) => at > row && op.session === sync.session && isAnswer(op));
    return next > row && isRead(ops[next]!) && ops[next]!.server === sync.server
      ? [{ sync: row, read: next }]
      : [];
  });
  const latest = (fits: (op: Op) => boolean) =>
    Math.max(0, ...ops.filter((op) => isAnswer(op) && fits(op)).map(({ zxid }) => zxid));
  for (const { sync, read } of random.shuffle(pairs)) {
    const { session, invokedNs } = ops[sync]!;
    const seen = latest((op) => op.session === session && op.invokedNs < invokedNs);
    const told = latest((op) => op.returnedNs < invokedNs);
    const older = ops.find(
      (op) =>
        isGet(op) &&
        op.path === ops[read]!.path &&
        op.session !== session &&
        op.zxid >= seen &&
        op.zxid < told,
    );
    if (!older) continue;
    const copy = copyOf(run);
    const { zxid, value, stat, result, outcome, error } = older;
    copy.ops[sync]!.zxid = zxid;
    Object.assign(copy.ops[read]!, { zxid, value, stat, result, outcome, error });
    return copy;
  }
  return undefined;
}
