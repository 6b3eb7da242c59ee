import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { guide } from './guide.ts';
import { linted } from './linted.ts';
import { compose, kubernetes } from './manifests.ts';

/** A text with some of its lines lost, doubled, or with other letters in the middle of them. */
const damaged = (text: string) => {
  const lines = text.split('\n');
  const damage = fc.record({
    at: fc.nat({ max: lines.length - 1 }),
    how: fc.oneof(
      fc.constant('lose' as const),
      fc.constant('double' as const),
      fc.record({ column: fc.nat({ max: 60 }), cut: fc.nat({ max: 10 }), put: fc.string({ maxLength: 6 }) }),
    ),
  });
  return fc.array(damage, { minLength: 1, maxLength: 5 }).map((all) => {
    const spoilt = [...lines];
    for (const { at, how } of all) {
      const line = spoilt[at] ?? '';
      if (how === 'lose') spoilt.splice(at, 1);
      else if (how === 'double') spoilt.splice(at, 0, line);
      else spoilt[at] = line.slice(0, how.column) + how.put + line.slice(how.column + how.cut);
    }
    return spoilt.join('\n');
  });
};

describe('whatever a file holds, there is a report or a reason', () => {
  test.each([
    { file: 'zoo.cfg', text: guide },
    { file: 'compose.yml', text: compose },
    { file: 'zk.yaml', text: kubernetes },
  ])('$file', ({ file, text }) => {
    fc.assert(
      fc.property(damaged(text), fc.string({ maxLength: 8 }), (spoilt, myid) => {
        try {
          const { problems } = linted({ [file]: spoilt, ...(file === 'zoo.cfg' && { myid }) });
          const lines = spoilt.split('\n').length;
          for (const problem of problems) {
            expect(problem.line).toBeGreaterThanOrEqual(1);
            expect(problem.line).toBeLessThanOrEqual(lines);
          }
        } catch (error) {
          if (!(error instanceof Trouble)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});
