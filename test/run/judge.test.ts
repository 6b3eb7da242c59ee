import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { HistoryWriter } from '../../harness/history/writer.ts';
import { drawPlan } from '../../harness/plan/draw-plan.ts';
import { judgeOrInvalid } from '../../harness/run/judge.ts';
import type { ScenarioOutcome } from '../../harness/run/outcome.ts';
import { store } from '../../harness/run/stored.ts';
import { scenarioSchema } from '../../harness/scenario/scenario.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The folder of a scenario that recorded next to nothing and ended as told. */
function folder(outcome: ScenarioOutcome | undefined): string {
  const dir = mkdtempSync(`${directory}-`);
  const scenario = scenarioSchema.parse({ name: 'a scenario', steps: [] });
  const origin = { monotonicNs: '0', wallMs: 0 };
  const topology = resolveTopology(scenario.topology, '3.9.5');
  store(join(dir, 'scenario.json'), { ...scenario, topology, origin, backend: 'sandbox', root: '/gauntlet' });
  store(join(dir, 'plan.json'), drawPlan(scenario, randomFrom(1)));
  for (const file of ['journal.ndjson', 'roles.ndjson']) store(join(dir, file), {});
  HistoryWriter.open(join(dir, 'history.arrows')).close();
  if (outcome) store(join(dir, 'outcome.json'), outcome);
  return dir;
}

test('a scenario whose process died is invalid, with the reason when somebody saw it', () => {
  const { verdict } = judgeOrInvalid(
    folder(undefined),
    'a scenario',
    'the scenario process ended by SIGKILL',
  );
  expect(verdict.verdict).toBe('invalid');
  expect(verdict.reasons.join()).toContain('ended by SIGKILL');
  expect(judgeOrInvalid(folder(undefined), 'a scenario').verdict.verdict).toBe('invalid');
});

test('what the machine cannot do is unsupported, with the remedy', () => {
  const outcome = { kind: 'unsupported', reason: 'no nft', remedy: 'install nftables' } as const;
  expect(judgeOrInvalid(folder(outcome), 'a scenario').verdict).toEqual({
    scenario: 'a scenario',
    verdict: 'unsupported',
    reasons: ['no nft; install nftables'],
    rules: [],
  });
});

test('an ensemble that never formed is invalid and says so', () => {
  const outcome = {
    kind: 'broken',
    phase: 'start',
    reason: 'waited 90000 ms for all servers to serve',
  } as const;
  const { verdict } = judgeOrInvalid(folder(outcome), 'a scenario');
  expect(verdict.verdict).toBe('invalid');
  expect(verdict.reasons[0]).toBe('phase "start" did not succeed: waited 90000 ms for all servers to serve');
});

test('a completed scenario in which nothing happened is invalid, never a pass', () => {
  expect(judgeOrInvalid(folder({ kind: 'completed' }), 'a scenario').verdict.verdict).toBe('invalid');
});

test('a folder that is not there is invalid, not a crash', () => {
  const { verdict } = judgeOrInvalid(join(directory, 'nowhere'), 'a scenario');
  expect(verdict.verdict).toBe('invalid');
});
