import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op, Zxid } from '../../harness/history/op.ts';
import { rules } from '../../harness/rule/catalogue.ts';
import { judgeScenario } from '../../harness/rule/judge.ts';
import type { Evidence } from '../../harness/rule/rule.ts';
import { placed } from '../../harness/rule/tree/place.ts';
import { enough } from './enough.ts';
import { beginning, evidenceFor, read, row, wrote } from './hand.ts';
import { dataMutations } from './mutation/data.ts';
import { finalMutations } from './mutation/final.ts';
import { simulate } from './simulated-ensemble.ts';

/** What a client library that hides reply headers leaves: no zxid but those in Stats. */
const headless = (op: Op): Op => ({ ...op, zxid: 0 as Zxid });
/** Rows of the workload's sessions, of all or of every other one; the harness itself always records headers. */
const hide = (ops: readonly Op[], every = 1) =>
  ops.map((op) => (op.phase === 'workload' && op.session % every === 0 ? headless(op) : op));

function alarms(evidence: Evidence): string[] {
  return rules
    .filter(({ needs = [] }) => !needs.includes('server-disks'))
    .flatMap((rule) => rule.judge(evidence).findings)
    .filter(({ severity }) => severity === 'violation')
    .map(({ rule, title }) => `${rule}: ${title}`);
}

const judged = (ops: readonly Op[], rest: Omit<Evidence, 'history'>) =>
  alarms({ ...rest, history: placed(historyOf(ops)) });

test('no rule says a word against a correct ensemble whose clients hide their zxids', () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 31 - 1),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 150, max: 500 }),
      fc.constantFrom(1, 2),
      (seed, clients, events, every) => {
        const { ops, rest } = simulate(seed, { clients, events });
        expect(judged(hide(ops, every), rest)).toEqual([]);
      },
    ),
    { numRuns: enough(100) },
  );
});

test('a history with headers is left as it is', () => {
  const history = historyOf(simulate(1, { events: 100 }).ops);
  expect(placed(history)).toBe(history);
});

/** Lies that a Stat or a value alone gives away. */
const plain = new Set([
  'a read returns an old value with the true mzxid',
  'a write answers with a version one too high',
  'a read shows a version one too low',
  'a read shows a value that nobody wrote',
  'a read shows a wrong ctimeMs',
  'a read shows a wrong dataLength',
  'a read shows a wrong numChildren',
  'a read shows a wrong ephemeralOwner',
  'an acknowledged write is missing everywhere after the power-off',
  'a register is rolled back on one server at the end',
]);

test.each([...dataMutations, ...finalMutations].filter(({ name }) => plain.has(name)))(
  '$name: caught without any header',
  ({ apply, caughtBy }) => {
    let places = 0;
    for (let seed = 0; seed < enough(20); seed++) {
      const changed = apply(simulate(seed, { clients: 3, events: 500, trouble: false }), randomFrom(seed));
      if (!changed) continue;
      places++;
      const speakers = judged(hide(changed.ops), changed.rest).map((alarm) => alarm.split(':')[0]);
      expect(speakers, `run ${seed}`).toEqual(expect.arrayContaining([...caughtBy]));
    }
    expect(places).toBeGreaterThan(enough(20) / 4);
  },
);

/** A foreign client's rows behind a tree that the harness made. */
const foreign = (...ops: Op[]) => {
  const evidence = evidenceFor([
    ...beginning(),
    ...ops.map((op) => headless({ ...op, session: op.session + 10 })),
  ]);
  return alarms({ ...evidence, history: placed(evidence.history) }).filter(
    (alarm) => !alarm.startsWith('durability'),
  );
};

test('a session without headers may not see an older Stat than it has seen', () => {
  expect(foreign(wrote(3, 1, 'b'), read(3, 3, 1, 'b'))).toEqual([]);
  expect(foreign(wrote(3, 1, 'b'), read(3, 2, 0, 'a'))).toEqual([
    'session-order: session 11 went back from zxid 0x100000003 on zk1 to 0x100000002 on zk1',
  ]);
});

test('across sessions an older Stat is lawful', () => {
  expect(foreign(wrote(3, 1, 'b'), read(3, 2, 0, 'a', { session: 2 }))).toEqual([]);
});

test('an order of two nodes that no session may see in two ways is found through their Stats', () => {
  const other = '/gauntlet/s';
  const made = row('create', other, 3, { value: 'x', session: 5 });
  const stat = (mzxid: number, version: number, value: string) => wrote(mzxid, version, value).stat!;
  const write = row('setData', other, 5, {
    value: 'y',
    session: 5,
    stat: { ...stat(5, 1, 'y'), czxid: made.zxid, pzxid: made.zxid },
  });
  const old = row('getData', other, 3, {
    value: 'x',
    stat: { ...stat(3, 0, 'x'), czxid: made.zxid, pzxid: made.zxid, mzxid: made.zxid },
  });
  const evidence = evidenceFor([
    ...beginning(),
    made,
    wrote(4, 1, 'b', { session: 6 }),
    write,
    wrote(6, 2, 'c', { session: 6 }),
    headless({ ...read(6, 6, 2, 'c'), session: 9 }),
    headless({ ...old, session: 9 }),
  ]);
  const found = alarms({ ...evidence, history: placed(evidence.history) });
  expect(found.filter((alarm) => alarm.startsWith('session-order'))).toHaveLength(1);
});

/** A create that was acknowledged to a client without zxids, and that no server ever saw. */
function lostCreate(ops: readonly Op[]): Op {
  const model = ops.find(({ kind, phase }) => kind === 'getData' && phase === 'workload')!;
  const path = '/gauntlet/set/lost';
  return headless({ ...model, kind: 'create', path, value: 'lost', stat: null, result: path, flags: 0 });
}

test('what was acknowledged without any zxid must still be there in the end', () => {
  const { ops, rest } = simulate(2, { clients: 2, events: 300, trouble: false });
  const ghost = lostCreate(ops);
  expect(judged([...hide(ops), ghost], rest)).toEqual([
    expect.stringContaining('durability: acknowledged write "lost"'),
  ]);
});

test('the core of a finding is judged with the places of the whole history', () => {
  const { ops, rest } = simulate(2, { clients: 2, events: 300, trouble: false });
  const ghost = lostCreate(ops);
  const evidence = { ...rest, history: historyOf([...hide(ops), ghost]) };
  const [finding] = judgeScenario(evidence, ['durability']).rules[0]!.findings;
  expect(finding?.core?.ops).toContain(ops.length);
  expect(finding?.core?.ops.length).toBeLessThan(ops.length);
});

/** Whether zxids can be chosen, one from each span, that never fall. */
function canRise(spans: readonly (readonly [number, number])[], from = 0): boolean {
  const [first, ...rest] = spans;
  if (!first) return true;
  for (let at = Math.max(from, first[0]); at <= first[1]; at++) if (canRise(rest, at)) return true;
  return false;
}

test('a session is found to go back exactly when no choice of zxids would explain its reads', () => {
  const names = ['/gauntlet/x', '/gauntlet/y'];
  // Zxids 4 to 9 write one of the two nodes each; a read shows one of the states of one node.
  const writes = fc.array(fc.nat(1), { minLength: 6, maxLength: 6 });
  const seen = fc.array(fc.tuple(fc.nat(1), fc.nat(5)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(writes, seen, (which, reads) => {
      const states = names.map((_, node) => [
        node + 2,
        ...which.flatMap((each, i) => (each === node ? [i + 4] : [])),
      ]);
      const statAt = (node: number, state: number) => {
        const at = states[node]![state]!;
        const value = `v${at}`;
        return {
          value,
          stat: {
            ...wrote(at, state, value).stat!,
            czxid: row('sync', '', node + 2).zxid,
            pzxid: row('sync', '', node + 2).zxid,
          },
        };
      };
      const ops = [
        beginning()[0]!,
        ...names.map((path, node) => row('create', path, node + 2, { value: `v${node + 2}`, session: 5 })),
        ...which.map((node, i) =>
          row('setData', names[node]!, i + 4, { session: 5, ...statAt(node, states[node]!.indexOf(i + 4)) }),
        ),
      ];
      const spans: [number, number][] = [];
      for (const [node, draw] of reads) {
        const state = draw % states[node]!.length;
        spans.push([states[node]![state]!, (states[node]![state + 1] ?? 10) - 1]);
        ops.push(headless(row('getData', names[node]!, 1, { session: 9, ...statAt(node, state) })));
      }
      const evidence = evidenceFor(ops);
      const found = alarms({ ...evidence, history: placed(evidence.history) });
      expect(found.some((alarm) => alarm.startsWith('session-order'))).toBe(!canRise(spans));
      expect(found.filter((alarm) => alarm.startsWith('linearizable'))).toEqual([]);
    }),
    { numRuns: enough(2000) },
  );
});
