import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { hasLegalOrder } from '../../harness/lin/brute-force.ts';
import { knownModel } from '../../harness/lin/catalogue.ts';
import { scratchFor } from '../../harness/lin/chains/scratch.ts';
import { eventOrder } from '../../harness/lin/event-order.ts';
import { claimOf, isTrueForSure } from '../../harness/lin/explain/claim.ts';
import type { LinHistory } from '../../harness/lin/history.ts';
import { callsOf } from '../../harness/lin/search/calls.ts';
import { DepthFirst } from '../../harness/lin/search/depth-first.ts';
import { Frontier } from '../../harness/lin/search/frontier.ts';
import { problemOf, type Specification } from '../../harness/lin/search/problem.ts';
import { Steps } from '../../harness/lin/search/steps.ts';
import { describeHistory } from './describe-history.ts';
import * as kinds from './kinds.ts';
import { type Kind, randomHistory } from './random-history.ts';

/**
 * Every engine against trying every order. Together these rows give each of them 100,000 histories and more: the chains
 * of registers, those of sets, the order of queues, and both searches.
 */
const rows: { name: string; kind: Kind; histories: number; searches: 'all' | 'some' }[] = [
  { name: 'registers with unique values', kind: kinds.uniqueRegisters, histories: 40_000, searches: 'some' },
  { name: 'compare-and-set with unique values', kind: kinds.uniqueSwaps, histories: 40_000, searches: 'all' },
  { name: 'compare-and-set with few values', kind: kinds.repeatingSwaps, histories: 20_000, searches: 'all' },
  { name: 'texts', kind: kinds.texts, histories: 30_000, searches: 'all' },
  { name: 'sets that grow', kind: kinds.growingSets, histories: 80_000, searches: 'some' },
  { name: 'sets that change', kind: kinds.changingSets, histories: 20_000, searches: 'some' },
  { name: 'queues', kind: kinds.queues, histories: 100_000, searches: 'some' },
  { name: 'locks', kind: kinds.mutexes, histories: 10_000, searches: 'all' },
];

const callsMax = 7;
/** Of the rows that say "some", every n-th history is searched. */
const someEvery = 10;

test.each(rows)('every engine agrees with trying every order: $name', ({ kind, histories, searches }) => {
  const random = randomFrom(20261121);
  const known = knownModel(kind.model);
  let [legal, decided] = [0, 0];
  for (let i = 0; i < histories; i++) {
    const history = randomHistory(kind, random, callsMax);
    const truth = hasLegalOrder(history, kind.model, [...Array(history.length).keys()]) ? 'ok' : 'violation';
    if (truth === 'ok') legal++;
    const said: Record<string, string> = {};
    const byValues = decidedByValues(history, known);
    if (byValues !== 'undecided') {
      decided++;
      said.values = byValues;
    }
    if (searches === 'all' || i % someEvery === 0) Object.assign(said, searched(history, known, 'reduced'));
    if (i % someEvery === 0 && known.reduce)
      Object.assign(said, searched(history, { model: known.model }, 'as it is'));
    for (const [engine, verdict] of Object.entries(said))
      if (verdict !== truth)
        expect.fail(`history ${i}: ${engine} says ${verdict}, not ${truth}\n${describeHistory(history)}`);
  }
  // Engines that always say the same would agree as well where nearly all histories are of one kind.
  expect(legal / histories).toBeGreaterThan(0.2);
  expect(legal / histories).toBeLessThan(0.9);
  if (known.decide) expect(decided / histories).toBeGreaterThan(0.3);
});

/** The verdict by values; a violation's core is confirmed at once. */
function decidedByValues(history: LinHistory, known: ReturnType<typeof knownModel>): string {
  const scratch = scratchFor(history);
  const part = { name: null, events: eventOrder(history) };
  const decision = known.decide?.(history, part, () => scratch);
  if (decision === undefined) return 'undecided';
  if (decision.verdict === 'violation' && !isTrueForSure(history, known, claimOf(part.events, decision.core)))
    return `${decision.breach.kind} of calls that have a legal order`;
  const used = scratch.writerOf.some((op) => op !== -1) || scratch.nextOf.some((op) => op !== -1);
  return used || scratch.valueFlags.some((flag) => flag !== 0) ? 'arrays left dirty' : decision.verdict;
}

function searched(history: LinHistory, specification: Specification, how: string): Record<string, string> {
  const problem = problemOf(callsOf(history, eventOrder(history)), specification);
  const steps = new Steps(problem);
  const said: Record<string, string> = {};
  for (const Search of [DepthFirst, Frontier])
    said[`${Search.name}, ${how}`] = new Search(problem, steps).run(Number.POSITIVE_INFINITY);
  return said;
}

test('the comparison notices an engine that is wrong: one that takes every call for unseen', () => {
  const random = randomFrom(1);
  const { model, reduce } = knownModel(kinds.repeatingSwaps.model);
  const wrong: Specification = {
    model,
    reduce: (calls, initial) => ({ ...reduce!(calls, initial), unseen: ({ f }) => f === 'write' }),
  };
  let differ = 0;
  for (let i = 0; i < 2000; i++) {
    const history = randomHistory(kinds.repeatingSwaps, random, callsMax);
    const problem = problemOf(callsOf(history, eventOrder(history)), wrong);
    const verdict = new DepthFirst(problem, new Steps(problem)).run(Number.POSITIVE_INFINITY);
    const truth = hasLegalOrder(history, model, [...Array(history.length).keys()]);
    if ((verdict === 'ok') !== truth) differ++;
  }
  expect(differ).toBeGreaterThan(10);
});
