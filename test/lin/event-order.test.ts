import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { eventOrder } from '../../harness/lin/event-order.ts';
import { HistoryBuilder } from '../../harness/lin/history-builder.ts';

function orderOf(spans: readonly [number, number][]): number[] {
  const builder = new HistoryBuilder('time');
  for (const [from, to] of spans) {
    const op = builder.begin(0, builder.nameOf('x'), 0, 0, from);
    if (to !== Number.POSITIVE_INFINITY) builder.end(op, 'ok', 0, to);
  }
  return [...eventOrder(builder.finish())];
}

test('a call that returns when another is invoked is concurrent with it', () => {
  expect(
    orderOf([
      [1, 5],
      [5, 6],
    ]),
  ).toEqual([0, 1, ~0, ~1]);
});

test('a call without an answer has no return', () => {
  expect(
    orderOf([
      [1, Number.POSITIVE_INFINITY],
      [2, 3],
    ]),
  ).toEqual([0, 1, ~1]);
});

test('times may be negative, fractions, huge, or before all others', () => {
  const spans: [number, number][] = [
    [1e15, 1e15 + 1],
    [-2.5, -0.25],
    [Number.NEGATIVE_INFINITY, 0.1],
    [-0, 0],
  ];
  expect(orderOf(spans)).toEqual([2, 1, ~1, 3, ~3, ~2, 0, ~0]);
});

test.each([100, 20_000])('%i calls in any order come out by time, as a comparison sort has them', (count) => {
  const random = randomFrom(3);
  const spans = Array.from({ length: count }, (): [number, number] => {
    const from = random.int(-1000, 1_000_000) * (random.int(0, 1) === 0 ? 1 : 1e6);
    return [from, from + random.int(0, 5000)];
  });
  const events = spans.flatMap(([from, to], op) => [
    { event: op, at: from, kind: 0, op },
    { event: ~op, at: to, kind: 1, op },
  ]);
  events.sort((a, b) => a.at - b.at || a.kind - b.kind || a.op - b.op);
  expect(orderOf(spans)).toEqual(events.map(({ event }) => event));
});
