import { describe, expect, test } from 'vitest';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op, Zxid } from '../../harness/history/op.ts';
import type { Ledger } from '../../harness/ledger/ledger.ts';
import type { JournalEntry, LinkCut } from '../../harness/run/journal-entry.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { splitSection } from '../../reports/html/split.ts';
import { lanesOf } from '../../reports/lanes.ts';
import type { ScenarioReport } from '../../reports/report.ts';
import { splitsOf } from '../../reports/split.ts';

const s = (seconds: number) => seconds * 1e9;

const bothWays = (a: number, b: number, ports: LinkCut['ports'] = 'all'): LinkCut[] => [
  { from: a, to: b, ports },
  { from: b, to: a, ports },
];

/** Cut from 10.5 s (asked for at 10 s) to 15 s; gone for sure at 15.5 s. */
function journalOf(cuts: LinkCut[], victims = [3]): JournalEntry[] {
  const call = { fault: 'isolate', target: 'leader' as const, params: {} };
  const of = { step: 0, fault: 'isolate', victims };
  return [
    ...[1, 2, 3].map(
      (sid): JournalEntry => ({ atNs: s(1), kind: 'server-start', sid, version: '3.9.5', pid: 1 }),
    ),
    { atNs: s(10), kind: 'fault-intent', ...of, call, roles: {}, deadlineNs: s(60) },
    { atNs: s(10.5), kind: 'fault-landed', ...of, proof: [], cuts },
    { atNs: s(15), kind: 'fault-healing', ...of },
    { atNs: s(15.5), kind: 'fault-healed', ...of, proof: [] },
  ];
}

/** zk3 leads epoch 1 until it notices at 12.4 s; zk2 leads epoch 2 from 11.8 s on. */
const ledger: Ledger = {
  reigns: [
    { epoch: 1, leader: 3, establishedNs: s(2), supporters: [1, 3], endedNs: s(12.4) },
    { epoch: 2, leader: 2, establishedNs: s(12), supporters: [1, 2] },
  ],
  elections: [],
  spans: [
    { sid: 1, state: 'FOLLOWING', fromNs: s(2), toNs: s(20) },
    { sid: 2, state: 'FOLLOWING', fromNs: s(2), toNs: s(11.8) },
    { sid: 2, state: 'LEADING', fromNs: s(11.8), toNs: s(20) },
    { sid: 3, state: 'LEADING', fromNs: s(2), toNs: s(12.4) },
    { sid: 3, state: 'LOOKING', fromNs: s(12.4), toNs: s(16) },
    { sid: 3, state: 'FOLLOWING', fromNs: s(16), toNs: s(20) },
  ],
  understood: {},
  alarms: [],
};

const op = (server: number, at: number, more: Partial<Op> = {}): Op => ({
  session: 1,
  xid: 1,
  kind: 'setData',
  server,
  phase: 'workload',
  outcome: 'ok',
  error: 0,
  invokedNs: s(at) - 1e6,
  returnedNs: s(at),
  zxid: 1 as Zxid,
  path: '/a',
  value: 'x',
  version: -1,
  flags: 0,
  stat: null,
  result: null,
  ...more,
});

function splits(cuts: LinkCut[], ops: Op[] = [], victims = [3]) {
  const topology = resolveTopology({}, '3.9.5');
  const lanes = lanesOf([1, 2, 3], ledger.spans, [], s(20));
  const journal = journalOf(cuts, victims);
  return splitsOf({ topology, journal, ledger, lanes, history: historyOf(ops), endNs: s(20) });
}

const isolated = [...bothWays(3, 1), ...bothWays(3, 2)];

describe('a leader cut off from two followers', () => {
  const [split, ...others] = splits(isolated, [
    op(3, 9.95),
    op(3, 10.7),
    op(3, 11, { outcome: 'unknown', error: -4 }),
    op(3, 11.2, { kind: 'connect', outcome: 'fail', error: -4 }),
    op(3, 11.3, { kind: 'getData' }),
    op(1, 12.5, { outcome: 'fail', error: -103 }),
    op(2, 13),
    op(2, 14.2),
    op(2, 14.5, { phase: 'final' }),
    op(2, 15.2),
  ]);

  test('is one picture with two sides, the one with the quorum last', () => {
    expect(others).toEqual([]);
    expect(split!.sides.map(({ sids, quorum }) => [sids, quorum])).toEqual([
      [[3], false],
      [[1, 2], true],
    ]);
  });

  test('measures how long both led, and names the epochs', () => {
    expect(split!.overlaps).toHaveLength(1);
    const [{ fromNs, toNs, leaders }] = split!.overlaps as [(typeof split & object)['overlaps'][number]];
    expect(toNs - fromNs).toBeCloseTo(s(0.6), 0);
    expect(leaders.map(({ sid, epoch }) => [sid, epoch]).sort()).toEqual([
      [2, 2],
      [3, 1],
    ]);
  });

  test('counts what clients of each side got while the cut was proved, and nothing else', () => {
    expect(split!.sides.map(({ seen, lastAckNs }) => [seen, lastAckNs])).toEqual([
      [{ acked: 1, answered: 1, denied: 2 }, s(10.7)],
      [{ acked: 2, answered: 1, denied: 0 }, s(14.2)],
    ]);
  });

  test('puts every answer into the column of its time', () => {
    const { buckets } = split!.sides[0]!.servers[0]!;
    expect(split!.fromNs).toBe(s(9));
    expect(buckets[9]).toEqual({ acked: 1, answered: 0, denied: 0 });
    expect(buckets[17]).toEqual({ acked: 1, answered: 0, denied: 0 });
    expect(buckets.reduce((sum, { denied }) => sum + denied, 0)).toBe(2);
  });

  test('says who could commit, and that nobody knows while the cut begins and ends', () => {
    const commit = (side: number) =>
      split!.sides[side]!.servers[0]!.commit.map(({ able, fromNs, toNs }) => [
        able,
        fromNs / 1e9,
        toNs / 1e9,
      ]);
    expect(commit(0)).toEqual([
      ['yes', 9, 10],
      ['unknown', 10, 10.5],
      ['no', 10.5, 15],
      ['unknown', 15, 15.5],
      ['yes', 15.5, 18.5],
    ]);
    expect(commit(1)).toEqual([['yes', 9, 18.5]]);
  });

  test('knows in which epoch a leader believes itself', () => {
    const led = split!.sides
      .flatMap(({ servers }) => servers)
      .flatMap(({ sid, spans }) => spans.map(({ state, epoch }) => [sid, state, epoch]));
    expect(led.filter(([, state]) => state === 'LEADING')).toEqual([
      [3, 'LEADING', 1],
      [2, 'LEADING', 2],
    ]);
  });

  test('is told in words on the page', () => {
    const scenario = { slug: 'x', splits: [split!] } as unknown as ScenarioReport;
    const { html } = splitSection(scenario)!;
    expect(html).toContain('zk3 (epoch 1) and zk2 (epoch 2) both called themselves LEADING');
    expect(html).toContain('(syncLimit + 1) × tickTime, here 2.1 s');
    expect(html).toMatch(/both called themselves LEADING for 600 ms, from 11\.800 s to 12\.400 s/);
    expect(html).toContain(
      'zk3, without a quorum. Clients there meanwhile: 1 write acknowledged, the last write at 10.700 s;',
    );
    expect(html).toContain('LEADING in epoch 2');
  });
});

test('a cut of ten minutes has wider columns, not more of them', () => {
  const topology = resolveTopology({}, '3.9.5');
  const journal = journalOf(isolated).map((entry) => {
    if (entry.kind === 'fault-intent') return { ...entry, deadlineNs: s(900) };
    return entry.kind === 'fault-healing' || entry.kind === 'fault-healed'
      ? { ...entry, atNs: s(600) }
      : entry;
  });
  const history = historyOf([op(2, 599.99)]);
  const [split] = splitsOf({ topology, journal, ledger, lanes: [], history, endNs: s(620) });
  const { buckets } = split!.sides[1]!.servers[1]!;
  expect(split!.bucketMs).toBe(2000);
  expect(buckets).toHaveLength(297);
  expect(buckets.findIndex(({ acked }) => acked === 1)).toBe(295);
});

test('two leaders of one epoch are told as what must never be', () => {
  const [split] = splits(isolated);
  const leaders = split!.overlaps[0]!.leaders.map((leader) => ({ ...leader, epoch: 1 }));
  const broken = { ...split!, overlaps: [{ ...split!.overlaps[0]!, leaders: leaders as never }] };
  const { html } = splitSection({ slug: 'x', splits: [broken] } as unknown as ScenarioReport)!;
  expect(html).toContain('in one epoch: that must never be');
});

test('one direction lost is a split, too: peers need both', () => {
  const [split] = splits([
    { from: 3, to: 1, ports: 'all' },
    { from: 3, to: 2, ports: 'quorum' },
  ]);
  expect(split!.sides.map(({ sids }) => sids)).toEqual([[3], [1, 2]]);
});

test('a server that bridges two halves keeps them one side', () => {
  const [split] = splits(bothWays(1, 2), [], [3]);
  expect(split!.sides.map(({ sids, quorum }) => [sids, quorum])).toEqual([[[1, 2, 3], true]]);
});

test.each<[string, LinkCut[]]>([
  ['elections alone', bothWays(3, 1, 'election')],
  ['clients', [{ from: 'clients', to: 3, ports: 'all' }]],
  ['nothing', []],
])('a cut of %s splits nobody', (_, cuts) => {
  expect(splits(cuts)).toEqual([]);
});
