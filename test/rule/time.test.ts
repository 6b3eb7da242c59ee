import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op } from '../../harness/history/op.ts';
import { answer, rolesOf } from '../../harness/rule/tree/roles.ts';
import { sessionsOf } from '../../harness/rule/tree/sessions.ts';
import { Time } from '../../harness/rule/tree/time.ts';
import { read, row } from './hand.ts';

function timeOf(ops: readonly Op[]) {
  const history = historyOf(ops);
  const roles = rolesOf(history);
  return { history, roles, time: new Time(history, roles, sessionsOf(history, roles)) };
}

/** Rows anywhere in a short time, so that many touch; a third of them without an answer. */
const rows = fc.array(
  fc.record({
    from: fc.nat(30),
    takes: fc.nat(9),
    counter: fc.integer({ min: 1, max: 40 }),
    answered: fc.nat(2).map((n) => n > 0),
  }),
  { minLength: 1, maxLength: 40 },
);
const opsOf = (given: readonly { from: number; takes: number; counter: number; answered: boolean }[]) =>
  given.map(({ from, takes, counter, answered }) => ({
    ...(answered ? read(counter, 2, 0, 'a') : row('getData', '/gauntlet', 0, { outcome: 'unknown' })),
    invokedNs: from,
    returnedNs: from + takes,
  }));

test('the floor of a row is the highest answer that had returned before it was invoked, in whichever order rows are asked for', () => {
  fc.assert(
    fc.property(rows, fc.array(fc.nat(39), { maxLength: 60 }), (given, asked) => {
      const { history, roles, time } = timeOf(opsOf(given));
      for (const at of asked.map((each) => each % given.length)) {
        const before = [...given.keys()].filter(
          (each) => roles[each]! >= answer && history.returnedNs[each]! < history.invokedNs[at]!,
        );
        const floor = time.floor(at);
        expect(floor < 0).toBe(before.length === 0);
        if (floor >= 0) {
          expect(before).toContain(floor);
          expect(history.zxid[floor]).toBe(Math.max(...before.map((each) => history.zxid[each]!)));
        }
      }
    }),
  );
});

const sent = (...ops: Op[]) => [...timeOf(ops).time.sent];
const at = (invokedNs: number, xid: number, session = 1) =>
  ({ ...read(3, 2, 0, 'a', { session }), invokedNs, xid, returnedNs: invokedNs + 9 }) as Op;

test('rows of a session stand as they were recorded, whatever other sessions did', () => {
  expect(sent(at(5, 2), at(5, 1), at(1, 1, 2), at(6, 3))).toEqual([0, 1, 2, 3]);
});

test('rows recorded against time are put in its order, and those of one instant in the order of their numbers', () => {
  expect(sent(at(5, 1), at(2, 1), at(7, 2))).toEqual([1, 0, 2]);
  expect(sent(at(5, 3), at(5, 2), at(5, 1), at(2, 9))).toEqual([3, 2, 1, 0]);
  expect(sent(at(5, 2), at(5, 1), at(2, 9), at(2, 8))).toEqual([3, 2, 1, 0]);
});

test('what was never asked of a server says nothing about the order of a session', () => {
  expect(sent(at(5, 1), { ...at(1, 0), kind: 'event' }, at(6, 2))).toEqual([0, 1, 2]);
});
