import { expect, test } from 'vitest';
import { electionCauses, electionsSuite, noticedByTimeout } from '../../suites/elections.ts';

test('every cause becomes a scenario that is sound', () => {
  const { scenarios } = electionsSuite(electionCauses, 3, 5);
  expect(scenarios.map(({ name }) => name)).toEqual(electionCauses);
  expect(scenarios.map(({ tags }) => tags[0])).toEqual(electionCauses);
  expect(scenarios.map(({ steps }) => steps.length)).toEqual(electionCauses.map(() => 3));
  expect(scenarios[0]!.topology.voters).toBe(5);
});

test('many elections are spread evenly over as few ensembles as is honest', () => {
  const counts = (times: number) =>
    electionsSuite(['kill-leader'], times, 3).scenarios.map(({ steps }) => steps.length);
  expect(counts(1)).toEqual([1]);
  expect(counts(20)).toEqual([20]);
  expect(counts(45)).toEqual([15, 15, 15]);
  expect(counts(41).reduce((sum, n) => sum + n, 0)).toBe(41);
});

test('a leader that only falls silent is noticed by a timeout', () => {
  expect(electionCauses.filter(noticedByTimeout)).toEqual([
    'pause-leader',
    'isolate-leader',
    'partition-leader',
  ]);
});
