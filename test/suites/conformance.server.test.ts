import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunVerdict } from '../../harness/rule/verdict.ts';
import { claimTag } from '../../harness/scenario/claim.ts';
import { claims } from '../../suites/conformance/claims.ts';
import { conformance } from '../../suites/conformance.suite.ts';
import { kafka } from '../../suites/kafka.suite.ts';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test('every claim has a scenario', () => {
  const tested = new Set(
    [conformance, kafka].flatMap(({ scenarios }) =>
      scenarios.flatMap(({ tags }) => tags.filter((tag) => claimTag.test(tag))),
    ),
  );
  expect([...tested].sort()).toEqual(claims.map(({ id }) => id));
});

/** The whole table on the newest line; on older lines what elections are decided by, which is where they differ. */
const parts = [
  { filter: '', releases: ['3.9.5'] },
  { filter: 'C08', releases: ['3.4.14', '3.5.8', '3.8.6'] },
  { filter: 'C10', releases: ['3.4.14', '3.5.8', '3.8.6'] },
];

describe.skipIf(machineLacks)(
  `claims on real servers${machineLacks ? ` (skipped: ${machineLacks})` : ''}`,
  () => {
    test.each(parts)(
      'claims $filter hold on $releases',
      async ({ filter, releases }) => {
        const run = join(out, filter || 'all');
        const on = releases.flatMap((release) => ['--zookeeper', release]);
        const where = ['--backend', 'sandbox', ...on, '--filter', filter, '--out', run];
        const { code, output } = await gauntlet(['run', 'conformance', '--seed', '12', ...where]);
        expect(code, output).toBe(0);
        const { scenarios } = JSON.parse(readFileSync(join(run, 'verdict.json'), 'utf8')) as RunVerdict;
        const chosen = conformance.scenarios.filter(({ tags }) => filter === '' || tags.includes(filter));
        expect(scenarios).toHaveLength(chosen.length * releases.length);
        expect(scenarios.map(({ verdict }) => verdict)).toEqual(scenarios.map(() => 'pass'));
      },
      1_500_000,
    );
  },
);
