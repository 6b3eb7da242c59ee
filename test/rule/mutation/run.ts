import type { Random } from '../../../harness/base/random.ts';
import type { Zxid } from '../../../harness/history/op.ts';
import { expectationSchema } from '../../../harness/plan/expectation.ts';
import type { Simulated } from '../simulated-ensemble.ts';
import { copyOf, isAckedSet, isFinal, type Mutation } from './lie.ts';

export const runMutations: readonly Mutation[] = [
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
    name: 'what a scenario expects of a step is not seen',
    caughtBy: ['expectations'],
    apply: (run) => {
      const copy = copyOf(run);
      const expect = [expectationSchema.parse({ leader: 3 })];
      const when = { afterMs: 0, jitterMs: 0 };
      copy.rest.plan.formation = [{ index: 0, when, faults: [], expect, forMs: 0, gate: false, draw: 0 }];
      const looked = { step: 0, what: 'zk3 leads', met: false, seen: 'zk1 leader', tookMs: 15_000 };
      copy.rest.journal.push({ kind: 'expectation', atNs: 1e9, ...looked });
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
    name: 'a server gives up for want of memory, which is ours to give',
    caughtBy: ['progress'],
    verdict: 'invalid',
    apply: (run) => {
      const copy = copyOf(run);
      const { journal, ledger } = copy.rest;
      const heal = journal.findIndex((entry) => entry.kind === 'phase' && entry.phase === 'heal');
      const { atNs } = journal[heal]!;
      const exit = { code: 0, signal: null, asked: false };
      journal.splice(heal, 0, { atNs, kind: 'server-exit', sid: 1, ...exit });
      ledger.alarms.push({ sid: 1, atNs: atNs - 1e9, line: 'java.lang.OutOfMemoryError: Java heap space' });
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
];

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
