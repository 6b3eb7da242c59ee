import { expect, test } from 'vitest';
import { exitCodes } from '../../harness/rule/verdict.ts';
import { type ClaimVerdict, claimTable, claimVerdict, claimVerdicts } from '../../harness/run/claim-table.ts';
import type { RunMeta } from '../../harness/run/run-directory.ts';

type Turn = [slug: string, release: string | undefined, verdict: ClaimVerdict];

function tableOf(claims: Record<string, string[]>, turns: Turn[]) {
  const meta = {
    zookeeper: ['3.9.5'],
    scenarios: turns.map(([slug, release]) => ({ name: slug, slug, ...(release && { release }) })),
    claims: Object.entries(claims).map(([id, scenarios]) => ({
      id,
      title: id,
      claim: id,
      law: id,
      scenarios,
    })),
  } as unknown as RunMeta;
  const { releases, rows } = claimTable(
    meta,
    turns.map(([, , verdict]) => verdict),
  );
  return { releases, rows: Object.fromEntries(rows.map(({ claim, verdicts }) => [claim.id, verdicts])) };
}

test('a claim is as good as the worst of its scenarios, release by release, from old to new', () => {
  const turns: Turn[] = [
    ['a', '3.9.5', 'pass'],
    ['b', '3.4.14', 'violation'],
    ['c', '3.9.5', 'unsupported'],
    ['d', '3.4.14', 'pass'],
  ];
  expect(tableOf({ C01: ['a', 'b'], C02: ['a', 'b', 'c', 'd'] }, turns)).toEqual({
    releases: ['3.4.14', '3.9.5'],
    rows: { C01: ['violation', 'pass'], C02: ['violation', 'unsupported'] },
  });
});

test('a claim without a scenario on a release has no verdict there', () => {
  const turns: Turn[] = [
    ['a', '3.9.5', 'pass'],
    ['b', '3.4.6', 'pass'],
  ];
  expect(tableOf({ C01: ['a'], C02: ['b'] }, turns).rows).toEqual({
    C01: [undefined, 'pass'],
    C02: ['pass', undefined],
  });
});

test('releases of scenarios without claims are no columns; mixed ones come after their older release', () => {
  const turns: Turn[] = [
    ['a', '3.8.0 + 3.9.5', 'pass'],
    ['b', '3.9.5', 'pass'],
    ['c', '3.8.0', 'pass'],
    ['d', '3.4.6', 'pass'],
  ];
  expect(tableOf({ C01: ['a', 'b', 'c'] }, turns).releases).toEqual(['3.8.0', '3.8.0 + 3.9.5', '3.9.5']);
});

test('what never began is "not run": never green, and no veil over a violation', () => {
  expect(claimVerdict('invalid', false)).toBe('not run');
  expect(claimVerdict('unsupported', false)).toBe('unsupported');
  expect(claimVerdict('invalid', true)).toBe('invalid');
  const turns = (first: ClaimVerdict): Turn[] => [
    ['a', '3.9.5', first],
    ['b', '3.9.5', 'not run'],
  ];
  const worst = (first: ClaimVerdict) => tableOf({ C01: ['a', 'b'] }, turns(first)).rows.C01;
  expect(worst('not run')).toEqual(['not run']);
  expect(worst('pass')).toEqual(['not run']);
  expect(worst('unsupported')).toEqual(['not run']);
  expect(worst('violation')).toEqual(['violation']);
});

test('every verdict has its place in the order', () => {
  expect([...claimVerdicts].sort()).toEqual([...Object.keys(exitCodes), 'not run'].sort());
});

test('a run of an earlier harness, without claims or releases, has an empty table', () => {
  expect(tableOf({}, [['a', undefined, 'pass']])).toEqual({ releases: [], rows: {} });
});
