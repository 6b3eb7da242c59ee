import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { RunVerdict } from '../../harness/rule/verdict.ts';
import { demoRecipes } from '../../suites/demo-recipes.suite.ts';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** What each mistake looks like in the words of its rule. */
const words: Record<string, RegExp> = {
  locks: /was written with token \d+ at zxid 0x\w+, behind token \d+/,
  latch: /two leaders at zxid 0x\w+: .* acts while .* is there/,
  barrier: /a client (entered|left) at zxid 0x\w+ when 4 of 5 (had come|were done)/,
  queue: /item i-\d{10} was taken twice/,
  config: /version \d+ was pushed at zxid 0x\w+, behind version \d+/,
  members: /is listed at zxid 0x\w+ although its session has ended/,
  naming: /name \d+ was given twice/,
  balance: /task t-\d{10} was given to c\d+-\d+ at zxid 0x\w+, which was not there/,
};

test.skipIf(machineLacks)(
  `every recipe with its mistake ends red by the rule of its law, and by no other${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`,
  { timeout: 300_000 },
  async () => {
    const run = join(out, 'demo');
    const args = ['run', 'demo-recipes', '--backend', 'sandbox', '--seed', '1', '--out', run];
    const { code, output } = await gauntlet(args);
    expect(code, output).toBe(1);
    const { scenarios } = JSON.parse(readFileSync(join(run, 'verdict.json'), 'utf8')) as RunVerdict;
    for (const [i, { scenario, verdict, rules }] of scenarios.entries()) {
      expect(verdict, scenario).toBe('violation');
      const law = demoRecipes.scenarios[i]!.workload.use;
      const red = rules.filter((rule) => rule.verdict === 'violation');
      expect(
        red.map(({ rule }) => rule),
        scenario,
      ).toEqual([law]);
      expect(red[0]!.findings[0]?.title).toMatch(words[law]!);
    }
  },
);
