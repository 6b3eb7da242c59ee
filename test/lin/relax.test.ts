import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { hasLegalOrder } from '../../harness/lin/brute-force.ts';
import { knownModel } from '../../harness/lin/catalogue.ts';
import { eventOrder } from '../../harness/lin/event-order.ts';
import { type Claim, isTrueForSure, opsOf } from '../../harness/lin/explain/claim.ts';
import { beginningAt, endingAt, irrelevantIn, unitsOf, without } from '../../harness/lin/explain/relax.ts';
import { shrink } from '../../harness/lin/explain/shrink.ts';
import { describeHistory } from './describe-history.ts';
import * as kinds from './kinds.ts';
import { randomHistory } from './random-history.ts';

const rows = [
  { name: 'registers', kind: kinds.uniqueRegisters },
  { name: 'compare-and-set with unique values', kind: kinds.uniqueSwaps },
  { name: 'compare-and-set with few values', kind: kinds.repeatingSwaps },
  { name: 'texts', kind: kinds.texts },
  { name: 'sets', kind: kinds.changingSets },
  { name: 'queues', kind: kinds.queues },
  { name: 'locks', kind: kinds.mutexes },
];
const all = (length: number) => [...Array(length).keys()];

test.each(rows)('a legal history stays legal whatever is cut off or left out: $name', ({ kind }) => {
  const random = randomFrom(7);
  const known = knownModel(kind.model);
  let relaxed = 0;
  for (let i = 0; i < 2000; i++) {
    const history = randomHistory(kind, random, 7);
    if (!hasLegalOrder(history, kind.model, all(history.length))) continue;
    let claim: Claim = { events: eventOrder(history), treat: new Map(), states: undefined };
    if (random.int(0, 1) === 0) claim = endingAt(claim, random.int(1, claim.events.length));
    if (known.relaxations && random.int(0, 1) === 0)
      claim = beginningAt(history, claim, random.int(0, claim.events.length - 1), known.relaxations);
    for (let round = 0; round < 2; round++) {
      const units = unitsOf(history, known, claim, known.relaxations).filter(() => random.int(0, 2) > 0);
      claim = without(claim, new Set(units.flat()));
      relaxed += units.length;
    }
    claim = without(claim, irrelevantIn(history, known, claim));
    if (isTrueForSure(history, known, claim))
      expect.fail(
        `history ${i} is legal, but calls ${opsOf(claim)} of it are not\n${describeHistory(history)}`,
      );
  }
  expect(relaxed).toBeGreaterThan(kind === kinds.mutexes ? -1 : 500);
});

test.each(rows)(
  'what is left of a violation is one by trying every order, and no larger: $name',
  ({ kind }) => {
    const random = randomFrom(8);
    const known = knownModel(kind.model);
    let [violations, before, after] = [0, 0, 0];
    for (let i = 0; i < 1000; i++) {
      const history = randomHistory(kind, random, 7);
      if (hasLegalOrder(history, kind.model, all(history.length))) continue;
      const whole: Claim = { events: eventOrder(history), treat: new Map(), states: undefined };
      const claim = shrink(history, known, whole, known.relaxations, () => false);
      expect(isTrueForSure(history, known, claim), describeHistory(history)).toBe(true);
      violations++;
      before += history.length;
      after += opsOf(claim).length;
    }
    expect(violations).toBeGreaterThan(50);
    expect(after).toBeLessThan(before);
  },
);
