import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../../harness/base/random.ts';
import type { Op } from '../../harness/history/op.ts';
import { formatZxid } from '../../harness/history/op.ts';
import { HistoryWriter } from '../../harness/history/writer.ts';
import type { Election, Ledger, RoleSpan } from '../../harness/ledger/ledger.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import type { Finding, RuleResult, RunVerdict, ScenarioVerdict } from '../../harness/rule/verdict.ts';
import { exitCodes, worst } from '../../harness/rule/verdict.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import type { RunMeta, StoredScenario } from '../../harness/run/run-directory.ts';
import { scenarioSchema } from '../../harness/scenario/scenario.ts';
import type { RoleSample } from '../../harness/topology/roles.ts';
import { sampleOps } from './sample-ops.ts';

const origin = { monotonicNs: '1000000', wallMs: Date.parse('2025-11-21T02:00:00Z') };

/** What one scenario left behind; a part that is absent was never recorded. */
export interface SampleScenario {
  name: string;
  slug: string;
  verdict: ScenarioVerdict;
  scenario?: StoredScenario;
  plan?: Plan;
  journal?: JournalEntry[];
  roles?: RoleSample[];
  ledger?: Ledger;
  ops?: Op[];
  logs?: Record<string, string>;
}

const s = (seconds: number) => seconds * 1e9;

const sampleMeta: Omit<RunMeta, 'scenarios'> = {
  suite: 'nightly',
  seed: 7,
  backend: 'sandbox',
  zookeeper: ['3.9.5'],
  kafka: null,
  origin,
  startedAt: '2025-11-21T02:00:00.000Z',
  endedAt: '2025-11-21T02:02:31.400Z',
  gauntlet: '0.1.0',
  node: 'v20.20.2',
  java: '17.0.12',
  host: { os: 'Linux 6.1', cores: 2, memoryBytes: 8 * 2 ** 30 },
  command: 'gauntlet run nightly --seed 7',
};

/** A run as it lies on disk: pass with two leader changes, violation with findings, invalid, unsupported. */
export function writeSampleRun(dir: string, { ops = 4000 } = {}): RunVerdict {
  return writeRun(dir, [leaderKill(ops), partition(), neverFormed(), noNetem()]);
}

export function writeRun(dir: string, scenarios: SampleScenario[]): RunVerdict {
  mkdirSync(dir, { recursive: true });
  const verdicts = scenarios.map(({ verdict }) => verdict);
  const overall = worst(verdicts.map(({ verdict }) => verdict));
  const run: RunVerdict = { verdict: overall, exitCode: exitCodes[overall], scenarios: verdicts };
  const meta: RunMeta = { ...sampleMeta, scenarios: scenarios.map(({ name, slug }) => ({ name, slug })) };
  json(join(dir, 'run.json'), meta);
  json(join(dir, 'verdict.json'), run);
  for (const scenario of scenarios) writeScenario(join(dir, scenario.slug), scenario);
  return run;
}

function writeScenario(dir: string, sample: SampleScenario): void {
  mkdirSync(join(dir, 'logs'), { recursive: true });
  json(join(dir, 'verdict.json'), sample.verdict);
  if (sample.scenario) json(join(dir, 'scenario.json'), sample.scenario);
  if (sample.plan) json(join(dir, 'plan.json'), sample.plan);
  if (sample.ledger) json(join(dir, 'ledger.json'), sample.ledger);
  if (sample.journal) lines(join(dir, 'journal.ndjson'), sample.journal);
  if (sample.roles) lines(join(dir, 'roles.ndjson'), sample.roles);
  for (const [name, text] of Object.entries(sample.logs ?? {})) writeFileSync(join(dir, 'logs', name), text);
  if (!sample.ops) return;
  const history = HistoryWriter.open(join(dir, 'history.arrows'));
  for (const op of sample.ops) history.append(op);
  history.close();
}

const json = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value));
const lines = (path: string, values: unknown[]) =>
  writeFileSync(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''));

function stored(
  name: string,
  voters: number,
  observers: number,
  tags: string[],
  about: string,
): StoredScenario {
  const nodes = Array.from({ length: voters + observers }, (_, i) => ({
    sid: i + 1,
    kind: i < voters ? ('voter' as const) : ('observer' as const),
    version: '3.9.5',
    weight: 1,
    group: undefined,
    jvmFlags: [],
  }));
  const ports = { client: 2181, quorum: 2888, election: 3888 };
  const settings = { tickTime: '200', initLimit: '10', syncLimit: '5' };
  const base = scenarioSchema.parse({ name, about, tags, workload: { use: 'registers', clients: 8 } });
  return { ...base, topology: { nodes, ports, separateLogDir: false, settings }, origin, root: '/gauntlet' };
}

function rule(name: string, relevant: number, seen: string, findings: Finding[] = []): RuleResult {
  const verdict = findings.some((f) => f.severity === 'violation') ? 'violation' : 'pass';
  return { rule: name, verdict, relevant, seen, findings };
}

/** 60 s, three voters: the leader is killed, then its successor is isolated. */
export function leaderKill(ops: number): SampleScenario {
  const name = 'leader killed, then isolated';
  const spans: RoleSpan[] = [
    ...span(
      1,
      ['LOOKING', 1, 'FOLLOWING', 2, 'LOOKING', 20.1, 'FOLLOWING', 20.9, 'LOOKING', 41.2, 'FOLLOWING', 42.1],
      62,
    ),
    ...span(
      2,
      ['LOOKING', 1.1, 'FOLLOWING', 2, 'LOOKING', 20.1, 'LEADING', 20.8, 'LOOKING', 41.1, 'FOLLOWING', 46.3],
      62,
    ),
    ...span(
      3,
      [
        'LOOKING',
        1.2,
        'LEADING',
        1.9,
        'DOWN',
        20,
        'LOOKING',
        26.4,
        'FOLLOWING',
        26.6,
        'LOOKING',
        41.2,
        'LEADING',
        42,
      ],
      62,
    ),
  ];
  const ledger: Ledger = {
    reigns: [
      {
        epoch: 1,
        leader: 3,
        establishedNs: s(2),
        supporters: [1, 3],
        endedNs: s(20),
        endedBecause: 'its process ended',
      },
      {
        epoch: 2,
        leader: 2,
        establishedNs: s(20.9),
        supporters: [1, 2],
        endedNs: s(41.1),
        endedBecause: 'it lost its quorum',
      },
      { epoch: 3, leader: 3, establishedNs: s(42.2), supporters: [1, 3] },
    ],
    elections: [
      election(1, 1.9, 3, 1, [1, 2, 3], '0x0', [
        [1, 'DIFF'],
        [2, 'DIFF'],
      ]),
      election(20.1, 20.8, 2, 2, [1, 2], '0x1000020c4', [
        [1, 'DIFF'],
        [3, 'TRUNC'],
      ]),
      election(41.1, 42, 3, 3, [1, 2, 3], '0x200001f0e', [
        [1, 'DIFF'],
        [2, 'SNAP'],
      ]),
    ],
    spans,
    understood: { 1: 412, 2: 398, 3: 655 },
    alarms: [
      { sid: 2, atNs: s(41.1), line: 'WARN Unexpected exception causing shutdown while sock still open' },
    ],
  };
  const outages = [
    { fromNs: s(20), toNs: s(20.95) },
    { fromNs: s(40), toNs: s(42.25) },
  ];
  const epochAt = (ns: number) => (ns < s(20.9) ? 1 : ns < s(42.2) ? 2 : 3);
  const call = { fault: 'kill', target: 'leader' as const, params: { signal: 'SIGKILL' } };
  const cut = { fault: 'isolate', target: 'leader' as const, params: { ports: ['quorum', 'election'] } };
  return {
    name,
    slug: 'leader-killed-then-isolated',
    scenario: stored(
      name,
      3,
      0,
      ['C05', 'C12'],
      'Two ways to lose a leader, one after the other; nothing acknowledged may be lost.',
    ),
    plan: {
      seed: 7,
      steps: [
        {
          index: 0,
          when: { afterMs: 17_000, jitterMs: 500 },
          faults: [call],
          forMs: 6000,
          gate: true,
          draw: 3,
        },
        { index: 1, when: { acked: 8000 }, faults: [cut], forMs: 6000, gate: true, draw: 1 },
      ],
    },
    journal: [
      { atNs: 0, kind: 'phase', phase: 'start' },
      ...[1, 2, 3].map((sid) => ({
        atNs: s(0.1 * sid),
        kind: 'server-start' as const,
        sid,
        version: '3.9.5',
        pid: 100 + sid,
      })),
      { atNs: s(2.1), kind: 'serving', leader: 3, followers: [1, 2], observers: [] },
      { atNs: s(2.2), kind: 'phase', phase: 'warm-up' },
      { atNs: s(3), kind: 'phase', phase: 'faults' },
      {
        atNs: s(19.99),
        kind: 'fault-intent',
        step: 0,
        fault: 'kill',
        call,
        victims: [3],
        roles: { 3: 'leader' },
        deadlineNs: s(30),
      },
      { atNs: s(20), kind: 'server-exit', sid: 3, code: null, signal: 'SIGKILL', asked: true },
      {
        atNs: s(20.02),
        kind: 'fault-landed',
        step: 0,
        fault: 'kill',
        victims: [3],
        proof: ['process 103 is gone', 'port 2181 refuses'],
      },
      { atNs: s(26), kind: 'fault-healing', step: 0, fault: 'kill', victims: [3] },
      { atNs: s(26.1), kind: 'server-start', sid: 3, version: '3.9.5', pid: 140 },
      {
        atNs: s(26.7),
        kind: 'fault-healed',
        step: 0,
        fault: 'kill',
        victims: [3],
        proof: ['zk3 answers as follower'],
      },
      {
        atNs: s(39.9),
        kind: 'fault-intent',
        step: 1,
        fault: 'isolate',
        call: cut,
        victims: [2],
        roles: { 2: 'leader' },
        deadlineNs: s(50),
      },
      {
        atNs: s(40),
        kind: 'fault-landed',
        step: 1,
        fault: 'isolate',
        victims: [2],
        proof: ['zk2 → zk1 3888 timed out', 'zk3 → zk2 2888 timed out'],
      },
      { atNs: s(46), kind: 'fault-healing', step: 1, fault: 'isolate', victims: [2] },
      {
        atNs: s(46.1),
        kind: 'fault-healed',
        step: 1,
        fault: 'isolate',
        victims: [2],
        proof: ['zk2 → zk1 3888 connects'],
      },
      { atNs: s(58), kind: 'phase', phase: 'final' },
      { atNs: s(60), kind: 'phase', phase: 'power-off' },
      { atNs: s(62), kind: 'phase', phase: 'done' },
    ],
    roles: [],
    ledger,
    ops: sampleOps({
      random: randomFrom(7),
      ops,
      sids: [1, 2, 3],
      startNs: s(2.3),
      endNs: s(58),
      outages,
      epochAt,
    }),
    logs: { 'zk1.log': 'log\n', 'zk2.log': 'log\n', 'zk3.log': 'log\n' },
    verdict: {
      scenario: name,
      verdict: 'pass',
      reasons: [],
      rules: [
        rule('durability', 12_408, '12,408 acknowledged writes on 3 servers'),
        rule('linearizable-updates', ops, `${ops} operations in zxid order`),
        rule('one-leader-per-epoch', 3, '3 epochs, one leader each'),
        rule('sync-then-read', 210, '210 reads after sync', [
          {
            rule: 'sync-then-read',
            severity: 'gap',
            title: 'a read after sync on zk2 was 41 ms behind (ZOOKEEPER-1675)',
            words:
              'zk2 still called itself leader while zk3 was being elected, so its sync had nothing to wait for.',
            atNs: s(41.05),
            ops: [Math.floor(ops * 0.6)],
            servers: [2],
            zxids: ['0x200001f0e'],
          },
        ]),
      ],
    },
  };
}

/** 24 s, five voters and an observer: role samples only, and an acknowledged write is gone. */
export function partition(): SampleScenario {
  const name = 'minority with the leader <cut off> & healed';
  const sids = [1, 2, 3, 4, 5, 6];
  const at = (seconds: number) => s(seconds);
  const ops = sampleOps({
    random: randomFrom(8),
    ops: 2000,
    sids,
    startNs: at(2),
    endNs: at(22),
    outages: [{ fromNs: at(8), toNs: at(10.4) }],
    epochAt: (ns) => (ns < at(10) ? 1 : 2),
  });
  const acked = ops.findIndex((op) => op.kind === 'setData' && op.outcome === 'ok' && op.invokedNs > at(7.9));
  const path = ops[acked]!.path;
  const lost = ops.findIndex((op) => op.phase === 'final' && op.path === path && op.server === 4);
  ops[lost] = { ...ops[lost]!, outcome: 'fail', error: -101, stat: null, value: null };
  const call = { fault: 'partition', target: 'minority-with-leader' as const, params: { direction: 'both' } };
  const zxid = formatZxid(ops[acked]!.zxid);
  const finding: Finding = {
    rule: 'durability',
    severity: 'violation',
    title: `acknowledged write ${zxid} of ${path} is gone on zk4`,
    words: `Session ${ops[acked]!.session} was told "ok" for ${path} by zk${ops[acked]!.server}, in epoch 1. After the heal zk4 says that there is no such node, while the other servers hold it. The write was acknowledged 0.1 s before the minority with leader zk5 was cut off.`,
    atNs: ops[acked]!.returnedNs,
    ops: [acked, lost],
    servers: [4, 5],
    zxids: [zxid],
  };
  const roles: RoleSample[] = [];
  for (let t = 0; t <= 24; t += 0.25) {
    for (const sid of sids) {
      const first = t < 1.5 ? 'electing' : sid === 6 ? 'observer' : sid === 5 ? 'leader' : 'follower';
      const after = sid === 6 ? 'observer' : sid === 4 ? 'leader' : 'follower';
      const cutOff = sid === 5 || sid === 1;
      const role =
        t < 8.5 ? first : t < 10 ? (cutOff ? 'silent' : 'electing') : t < 15 && cutOff ? 'electing' : after;
      roles.push({ atNs: at(t), sid, role });
    }
  }
  return {
    name,
    slug: 'minority-with-leader',
    scenario: stored(
      name,
      5,
      1,
      ['C04', 'C12', 'C18'],
      'The leader keeps one follower only; the other three must elect.',
    ),
    plan: {
      seed: 7,
      steps: [
        { index: 0, when: { afterMs: 500, jitterMs: 500 }, faults: [call], forMs: 7000, gate: true, draw: 5 },
      ],
    },
    journal: [
      { atNs: at(0), kind: 'phase', phase: 'start' },
      { atNs: at(1.6), kind: 'serving', leader: 5, followers: [1, 2, 3, 4], observers: [6] },
      { atNs: at(2), kind: 'phase', phase: 'faults' },
      {
        atNs: at(7.99),
        kind: 'fault-intent',
        step: 0,
        fault: 'partition',
        call,
        victims: [1, 5],
        roles: { 1: 'follower', 5: 'leader' },
        deadlineNs: at(18),
      },
      {
        atNs: at(8),
        kind: 'fault-landed',
        step: 0,
        fault: 'partition',
        victims: [1, 5],
        proof: ['zk1, zk5 cannot reach zk2, zk3, zk4'],
      },
      { atNs: at(15), kind: 'fault-healing', step: 0, fault: 'partition', victims: [1, 5] },
      { atNs: at(15.1), kind: 'fault-healed', step: 0, fault: 'partition', victims: [1, 5], proof: [] },
      { atNs: at(24), kind: 'phase', phase: 'done' },
    ],
    roles,
    ops,
    verdict: {
      scenario: name,
      verdict: 'violation',
      reasons: [`durability: ${finding.title}`],
      rules: [
        rule('durability', 2100, '2,100 acknowledged writes on 6 servers', [finding]),
        rule('fifo-client-order', 8, '8 sessions'),
      ],
    },
  };
}

/** The ensemble never served: no history, no ledger. */
export function neverFormed(): SampleScenario {
  const name = 'even number of voters';
  return {
    name,
    slug: 'even-voters',
    scenario: stored(name, 4, 0, ['C03'], ''),
    journal: [
      { atNs: s(100), kind: 'phase', phase: 'start' },
      { atNs: s(100.2), kind: 'server-exit', sid: 4, code: 2, signal: null, asked: false },
      {
        atNs: s(130),
        kind: 'not-serving',
        waitedMs: 30_000,
        roles: { 1: 'electing', 2: 'electing', 3: 'down', 4: 'down' },
      },
    ],
    verdict: {
      scenario: name,
      verdict: 'invalid',
      reasons: ['The ensemble did not serve within 30 s.'],
      rules: [],
    },
  };
}

/** Nothing but a verdict. */
export function noNetem(): SampleScenario {
  const name = 'slow links';
  const reasons = [
    'This kernel has no sch_netem, which the fault "delay" needs; load it with modprobe sch_netem.',
  ];
  return {
    name,
    slug: 'slow-links',
    verdict: { scenario: name, verdict: 'unsupported', reasons, rules: [] },
  };
}

/** `['LOOKING', 1, 'FOLLOWING', 2]` and an end, in seconds, as spans. */
function span(sid: number, states: (RoleSpan['state'] | number)[], end: number): RoleSpan[] {
  const spans: RoleSpan[] = [];
  for (let i = 0; i < states.length; i += 2) {
    const toNs = s((states[i + 3] as number | undefined) ?? end);
    spans.push({ sid, state: states[i] as RoleSpan['state'], fromNs: s(states[i + 1] as number), toNs });
  }
  return spans;
}

function election(
  from: number,
  to: number,
  winner: number,
  epoch: number,
  participants: number[],
  zxid: string,
  syncs: [number, 'DIFF' | 'SNAP' | 'TRUNC'][],
): Election {
  const cast = (voter: number, leader: number, i: number) => ({
    atNs: s(from + 0.01 * i),
    seenBy: winner,
    from: voter,
    leader,
    zxid,
    peerEpoch: epoch - 1,
    round: epoch,
    fromState: 'LOOKING' as const,
  });
  const votes = [
    ...participants.map((sid, i) => cast(sid, sid, i)),
    ...participants.map((sid, i) => cast(sid, winner, i + 5)),
  ];
  return {
    startedNs: s(from),
    endedNs: s(to),
    winner,
    epoch,
    participants,
    votes,
    syncs: syncs.map(([sid, mode]) => ({ sid, atNs: s(to + 0.1), mode })),
  };
}
