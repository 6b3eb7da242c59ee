import type { Random } from '../../harness/base/random.ts';
import type { Op, Stat, Zxid } from '../../harness/history/op.ts';
import { diskMutations } from './disk-mutations.ts';
import type { Simulated } from './simulated-ensemble.ts';

export interface Mutation {
  name: string;
  /** Rules of which at least one must name it. */
  caughtBy: readonly string[];
  /** What the verdict of that rule is; a breach unless said otherwise. */
  verdict?: 'invalid' | 'inconclusive';
  /** The run with one lie in it; undefined when this run offers no place for it. The original stays as it is. */
  apply(run: Simulated, random: Random): Simulated | undefined;
}

const set = '/gauntlet/set';
const isRegister = (path: string) => path.startsWith('/gauntlet/registers/');
const isFinal = ({ phase }: Op) => phase === 'final' || phase === 'poweroff';
const isAckedSet = (op: Op) => op.kind === 'setData' && op.outcome === 'ok' && isRegister(op.path);
const isGet = (op: Op) => op.kind === 'getData' && op.outcome === 'ok' && isRegister(op.path);

/** A copy whose rows may be changed at will. */
function copyOf({ ops, rest: { transactions, ...rest } }: Simulated): Simulated {
  return {
    ops: ops.map((op) => ({ ...op, stat: op.stat && { ...op.stat } })),
    // What disks hold is large; who changes it makes a new one.
    rest: { ...structuredClone(rest), ...(transactions && { transactions }) },
  };
}

/** With a lost write to the same node a lie about versions may have a lawful explanation. */
const hasLostWrites = (ops: readonly Op[], path: string) =>
  ops.some(
    ({ outcome, kind, path: at, value }) =>
      outcome === 'unknown' &&
      ((kind === 'setData' && at === path) || (kind === 'multi' && value!.includes(`"${path}"`))),
  );

/** Picks rows that fit, changes a copy, and gives up when nothing fits. */
function changing(
  pick: (op: Op, run: Simulated) => boolean,
  change: (op: Op, run: Simulated, random: Random) => boolean,
) {
  return (run: Simulated, random: Random): Simulated | undefined => {
    const rows = run.ops.flatMap((op, row) => (pick(op, run) ? [row] : []));
    for (const row of random.shuffle(rows)) {
      const copy = copyOf(run);
      if (change(copy.ops[row]!, copy, random) !== false) return copy;
    }
    return undefined;
  };
}

/** Erases a node from reads, with the counters of its parent left as if it had never been. */
function erase(ops: Op[], path: string, where: (op: Op) => boolean): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(parent.length + 1);
  let erased = false;
  for (const op of ops.filter(where)) {
    if (op.path === path && (op.kind === 'getData' || op.kind === 'exists' || op.kind === 'getChildren')) {
      Object.assign(op, { outcome: 'fail', error: -101, stat: null, value: null, result: null });
      erased = true;
    }
    if (op.path === parent && op.stat) op.stat = { ...op.stat, numChildren: op.stat.numChildren - 1 };
    if (op.path === parent && op.kind === 'getChildren' && op.outcome === 'ok') {
      const names = (JSON.parse(op.result!) as string[]).filter((each) => each !== name);
      op.result = JSON.stringify(names);
    }
  }
  return erased;
}

const ackedSetElement = (op: Op) =>
  op.kind === 'create' && op.outcome === 'ok' && op.path.startsWith(`${set}/`) && op.phase === 'workload';

/** The state one write earlier. */
function olderOf(ops: readonly Op[], stat: Stat, path: string): { value: string; stat: Stat } | undefined {
  const older = ops.filter((op) => isAckedSet(op) && op.path === path && op.stat!.mzxid < stat.mzxid);
  const last = older.reduce<Op | undefined>(
    (a, b) => (a && a.stat!.mzxid > b.stat!.mzxid ? a : b),
    undefined,
  );
  return last && { value: last.value!, stat: { ...last.stat!, czxid: stat.czxid } };
}

export const mutations: readonly Mutation[] = [
  ...diskMutations,
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
      if (!older) return false;
      op.value = older.value;
      op.stat = older.stat;
      return true;
    }),
  },
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
    name: 'an acknowledged write is missing on one server at the end',
    caughtBy: ['durability'],
    apply: changing(ackedSetElement, ({ path }, { ops }, random) => {
      const sid = random.int(1, 3);
      return erase(ops, path, (op) => op.phase === 'final' && op.server === sid);
    }),
  },
  {
    name: 'an acknowledged write is missing everywhere after the power-off',
    caughtBy: ['durability'],
    apply: changing(ackedSetElement, ({ path }, { ops }) =>
      erase(ops, path, (op) => op.phase === 'poweroff'),
    ),
  },
  {
    name: 'an acknowledged write is missing in all later states',
    caughtBy: ['linearizable-writes'],
    apply: changing(ackedSetElement, ({ path, zxid }, { ops }) => erase(ops, path, (op) => op.zxid > zxid)),
  },
  {
    name: 'a register is rolled back on one server at the end',
    caughtBy: ['durability', 'replicas-identical'],
    apply: changing(
      (op) => isFinal(op) && isGet(op),
      (op, { ops }) => {
        const older = olderOf(ops, op.stat!, op.path);
        if (!older) return false;
        op.value = older.value;
        op.stat = older.stat;
        return true;
      },
    ),
  },
  {
    name: 'a deleted node is back at the end',
    caughtBy: ['durability'],
    apply: changing(
      (op) => op.kind === 'delete' && op.outcome === 'ok',
      (op, { ops }) => {
        const created = ops.find(
          (each) => each.kind === 'create' && each.path === op.path && each.outcome === 'ok',
        );
        const model = ops.find((each) => each.phase === 'final' && isGet(each));
        if (!created || !model) return false;
        const stat = {
          ...model.stat!,
          czxid: created.zxid,
          mzxid: created.zxid,
          pzxid: created.zxid,
          version: 0,
        };
        ops.push({ ...model, path: op.path, value: created.value, stat });
        return true;
      },
    ),
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
        const { path } = JSON.parse(op.value!)[2] as { path: string };
        return erase(ops, path, (each) => each.zxid > op.zxid);
      },
    ),
  },
  {
    name: 'the other half of a multi is not applied',
    caughtBy: ['linearizable-writes'],
    apply: changing(
      (op) => op.kind === 'multi' && op.outcome === 'ok',
      (op, { ops }) => {
        const { path } = JSON.parse(op.value!)[1] as { path: string };
        const reads = ops.filter((each) => isGet(each) && each.path === path && each.stat!.mzxid === op.zxid);
        const older = reads[0] && olderOf(ops, reads[0].stat!, path);
        if (!older) return false;
        for (const read of reads) Object.assign(read, { value: older.value, stat: { ...older.stat } });
        return true;
      },
    ),
  },
  {
    name: 'the data of one replica differs at the end',
    caughtBy: ['replicas-identical'],
    apply: changing(
      (op) => isFinal(op) && isGet(op),
      (op) => {
        op.value = `${op.value}x`;
        return true;
      },
    ),
  },
  ...(['aversion', 'cversion', 'ctimeMs', 'pzxid', 'mtimeMs'] as const).map(
    (field): Mutation => ({
      name: `the ${field} of one replica differs at the end`,
      caughtBy: ['replicas-identical'],
      apply: changing(
        (op) => isFinal(op) && isGet(op),
        (op, { ops }) => {
          for (const each of ops) {
            if (each.path === op.path && each.session === op.session && each.stat)
              each.stat = { ...each.stat, [field]: each.stat[field] + 2 };
          }
          return true;
        },
      ),
    }),
  ),
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
    name: 'an epoch has two established leaders',
    caughtBy: ['one-leader-per-epoch'],
    apply: (run) => {
      const copy = copyOf(run);
      const [reign] = copy.rest.ledger.reigns;
      copy.rest.ledger.reigns.push({
        ...reign!,
        leader: (reign!.leader % 3) + 1,
        establishedNs: reign!.establishedNs + 1e6,
      });
      return copy;
    },
  },
  {
    name: 'a later leader takes an older epoch',
    caughtBy: ['one-leader-per-epoch'],
    apply: (run) => {
      const copy = copyOf(run);
      const last = copy.rest.ledger.reigns.at(-1)!;
      copy.rest.ledger.reigns.push({ ...last, epoch: 0, establishedNs: last.establishedNs + 1e6 });
      return copy;
    },
  },
  {
    name: 'writes are acknowledged in an epoch that nobody led',
    caughtBy: ['one-leader-per-epoch'],
    apply: (run, random) => {
      const copy = copyOf(run);
      const epochs = new Set(run.ops.filter(isAckedSet).map(({ zxid }) => Math.floor(zxid / 2 ** 32)));
      if (epochs.size === 0) return undefined;
      const gone = random.pick([...epochs]);
      copy.rest.ledger.reigns = copy.rest.ledger.reigns.filter(({ epoch }) => epoch !== gone);
      return copy.rest.ledger.reigns.length === 0 ? undefined : copy;
    },
  },
  {
    name: 'a log that nobody understands hides reigns',
    caughtBy: ['one-leader-per-epoch'],
    verdict: 'inconclusive',
    apply: (run) => {
      const copy = copyOf(run);
      copy.rest.ledger.understood['2'] = 0;
      return copy;
    },
  },
  {
    name: 'a write is acknowledged while no quorum runs',
    caughtBy: ['quorum-law'],
    apply: duringFault('pause'),
  },
  {
    name: 'a server that is cut off acknowledges a write',
    caughtBy: ['quorum-law'],
    apply: duringFault('isolate'),
  },
  {
    name: 'a fault was never seen to land',
    caughtBy: ['faults-landed'],
    verdict: 'invalid',
    apply: withoutEntry('fault-landed'),
  },
  {
    name: 'a fault was never seen to heal',
    caughtBy: ['faults-landed'],
    verdict: 'invalid',
    apply: withoutEntry('fault-healed'),
  },
  {
    name: 'a planned fault was never begun',
    caughtBy: ['faults-landed'],
    verdict: 'invalid',
    apply: (run) => {
      const copy = copyOf(run);
      const call = { fault: 'kill', target: 'leader' as const, params: {} };
      const when = { afterMs: 0, jitterMs: 0 };
      copy.rest.plan.steps.push({ index: 99, when, faults: [call], forMs: 0, gate: true, draw: 0 });
      return copy;
    },
  },
  {
    name: 'no write of the clients was acknowledged',
    caughtBy: ['progress'],
    verdict: 'invalid',
    apply: (run) => {
      const copy = copyOf(run);
      copy.ops = copy.ops.filter((op) => op.phase !== 'workload');
      return copy;
    },
  },
  {
    name: 'a server gives up by itself',
    caughtBy: ['progress'],
    apply: (run) => {
      const copy = copyOf(run);
      const { journal } = copy.rest;
      const heal = journal.findIndex((entry) => entry.kind === 'phase' && entry.phase === 'heal');
      const { atNs } = journal[heal]!;
      journal.splice(heal, 0, {
        atNs,
        kind: 'server-exit',
        sid: 1,
        code: 13,
        signal: null,
        asked: false,
      });
      return copy;
    },
  },
  {
    name: 'service does not resume although everything has healed',
    caughtBy: ['progress'],
    apply: (run) => {
      const copy = copyOf(run);
      const healNs = run.rest.journal.find((entry) => entry.kind === 'phase' && entry.phase === 'heal')!.atNs;
      const last = Math.max(
        ...run.ops.filter(({ phase }) => phase === 'workload').map(({ returnedNs }) => returnedNs),
      );
      const asked = copy.ops.find((op) => isAckedSet(op))!;
      copy.ops.push({
        ...asked,
        outcome: 'unknown',
        zxid: 0 as Zxid,
        stat: null,
        invokedNs: last + 1e9,
        returnedNs: last + 2e9,
      });
      for (const entry of copy.rest.journal) if (entry.atNs >= healNs) entry.atNs += 60e9;
      for (const op of copy.ops) {
        if (!isFinal(op)) continue;
        op.invokedNs += 60e9;
        op.returnedNs += 60e9;
      }
      return copy;
    },
  },
  {
    name: 'one server was not read at the end',
    caughtBy: ['durability', 'replicas-identical'],
    verdict: 'inconclusive',
    apply: (run, random) => {
      const copy = copyOf(run);
      const sid = random.int(1, 3);
      copy.ops = copy.ops.filter((op) => op.phase !== 'final' || op.server !== sid);
      return copy;
    },
  },
  {
    name: 'nothing was read after the power-off',
    caughtBy: ['durability'],
    verdict: 'inconclusive',
    apply: (run) => {
      const copy = copyOf(run);
      copy.ops = copy.ops.filter((op) => op.phase !== 'poweroff');
      return copy;
    },
  },
];

/** Puts an acknowledged write, whole, into the time of a fault and onto one of its victims. */
function duringFault(fault: 'pause' | 'isolate') {
  return (run: Simulated, random: Random): Simulated | undefined => {
    const landed = run.rest.journal.flatMap((entry) =>
      entry.kind === 'fault-landed' && entry.fault === fault ? [entry] : [],
    );
    const writes = run.ops.filter(isAckedSet);
    if (landed.length === 0 || writes.length === 0) return undefined;
    const { atNs, step, victims } = random.pick(landed);
    const healing = run.rest.journal.find((entry) => entry.kind === 'fault-healing' && entry.step === step)!;
    const copy = copyOf(run);
    const victim = copy.ops[run.ops.indexOf(random.pick(writes))]!;
    victim.invokedNs = atNs + 1;
    victim.returnedNs = (atNs + healing.atNs) / 2;
    if (fault === 'isolate') victim.server = victims[0]!;
    return copy;
  };
}

function withoutEntry(kind: 'fault-landed' | 'fault-healed') {
  return (run: Simulated): Simulated | undefined => {
    const at = run.rest.journal.findIndex((entry) => entry.kind === kind);
    if (at < 0) return undefined;
    const copy = copyOf(run);
    copy.rest.journal.splice(at, 1);
    return copy;
  };
}
