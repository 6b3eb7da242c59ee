import { describe, expect, test } from 'vitest';
import { Trouble } from '../../../harness/base/trouble.ts';
import { scenarioSchema } from '../../../harness/scenario/scenario.ts';
import { claims, claimsOf, testedBy } from '../../../suites/conformance/claims.ts';
import { suites } from '../../../suites/index.ts';
import { gauntlet } from '../../support/gauntlet.ts';

const tagged = (name: string, ...tags: string[]) => scenarioSchema.parse({ name, tags });

describe('the claims', () => {
  test('are C01 to C33 without that about Kubernetes, each once and in order', () => {
    const numbers = Array.from({ length: 33 }, (_, i) => i + 1).filter((n) => n !== 30);
    expect(claims.map(({ id }) => id)).toEqual(numbers.map((n) => `C${String(n).padStart(2, '0')}`));
  });

  test.each(claims)('$id says what guides say and what the servers do, a sentence each', (claim) => {
    expect(claim.title).toMatch(/^\S.*[^.]$/);
    expect(claim.claim).toMatch(/^[A-Z].*\.$/);
    expect(claim.law).toMatch(/^[A-Z].*[.]$/);
  });
});

test('every tag of a built-in suite that looks like a claim is one', () => {
  expect(() => claimsOf(suites.flatMap(({ scenarios }) => scenarios))).not.toThrow();
});

test('a tag that names no claim is refused with the scenario that carries it', () => {
  expect(() => claimsOf([tagged('lost vote', 'C88')])).toThrow(Trouble);
  expect(() => claimsOf([tagged('lost vote', 'C88')])).toThrow(/"lost vote".*"C88".*list claims/);
});

test('other marks are nobody’s business', () => {
  expect(claimsOf([tagged('one', 'slow', 'C8', 'ZOOKEEPER-2845')])).toEqual([]);
});

test('a claim knows its scenarios; one without any is told, too', () => {
  const scenarios = [tagged('one', 'C12', 'C08'), tagged('two', 'C08')];
  expect(claimsOf(scenarios).map(({ id, scenarios: of }) => [id, of.map(({ name }) => name)])).toEqual([
    ['C08', ['one', 'two']],
    ['C12', ['one']],
  ]);
  expect(testedBy(scenarios)).toHaveLength(claims.length);
  expect(testedBy(scenarios)[0]).toMatchObject({ id: 'C01', scenarios: [] });
});

test('`list claims` shows what proves each, or that nothing does yet', async () => {
  const { stdout } = await gauntlet(['list', 'claims', '--json']);
  const rows = (JSON.parse(stdout) as { claims: { name: string; scenarios: string[] }[] }).claims;
  expect(rows.map(({ name }) => name)).toEqual(claims.map(({ id }) => id));
  const printed = (await gauntlet(['list', 'claims'])).stdout;
  const bare = rows.filter(({ scenarios }) => scenarios.length === 0);
  expect(printed.split('no scenario yet')).toHaveLength(bare.length + 1);
});
