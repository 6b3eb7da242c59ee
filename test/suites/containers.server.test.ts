import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunVerdict } from '../../harness/rule/verdict.ts';
import { engineHere, labelled, skipWithout, version } from '../backend/docker/engine-here.ts';
import { gauntlet } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** The five-node scenarios are every fault family there is: crashes, freezes, cuts of every shape, two at once, power. */
const wholeSuites = [
  { suite: 'quick', filter: '', scenarios: 4 },
  { suite: 'resilience', filter: '5 nodes', scenarios: 20 },
];

describe.skipIf(engineHere.missing)(`suites in containers${skipWithout(engineHere.missing)}`, () => {
  test.each(wholeSuites)(
    '$suite $filter passes and leaves nothing on the engine',
    async ({ suite, filter, scenarios }) => {
      const run = join(out, `containers-${suite}`);
      // One at a time: beside other tests, two ensembles of five containers starve each other.
      const where = ['--backend', 'docker', '--zookeeper', version, '--jobs', '1', '--out', run];
      const { code, output } = await gauntlet(['run', suite, '--seed', '11', '--filter', filter, ...where]);
      expect(code, output).toBe(0);
      const verdict = JSON.parse(readFileSync(join(run, 'verdict.json'), 'utf8')) as RunVerdict;
      expect(verdict.scenarios).toHaveLength(scenarios);
      expect(await labelled(basename(run))).toEqual([]);
    },
    1_800_000,
  );
});
