import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import type { Op } from '../../harness/history/op.ts';
import { quorumLaw } from '../../harness/rule/quorum-law.ts';
import { mutations } from './mutations.ts';
import { evidenceOf, type Simulated, simulate } from './simulated-ensemble.ts';

/** What a client library leaves that does not tell which server answered. */
const hide = (ops: readonly Op[]) => ops.map((op) => (op.phase === 'workload' ? { ...op, server: 0 } : op));
const judged = (run: Simulated) => quorumLaw.judge(evidenceOf(run, hide(run.ops))).findings;

const runs = Array.from({ length: 40 }, (_, seed) =>
  simulate(seed, { clients: 1 + (seed % 6), events: 600 }),
);

test('a correct ensemble acknowledges nothing without a quorum, whoever was asked', () => {
  for (const run of runs) expect(judged(run)).toEqual([]);
});

test('a write that no server can have committed is found without its server', () => {
  const { apply } = mutations.find(({ name }) => name === 'a write is acknowledged while no quorum runs')!;
  const changed = runs.flatMap((run, seed) => apply(run, randomFrom(seed)) ?? []);
  expect(changed.length).toBeGreaterThan(2);
  for (const run of changed) {
    expect(judged(run).map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^a server acknowledged a write of .* while no quorum existed$/),
      ]),
    );
  }
});
