import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registerLines, transactionLines, unfitForElle } from '../../harness/export/edn.ts';
import type { Call, Touch } from '../../harness/export/registers.ts';
import { readEdn } from './edn-reader.ts';

interface Line {
  ':type': ':invoke' | ':ok' | ':fail' | ':info';
  ':f': string;
  ':value': unknown;
  ':process': number;
  ':time': number;
  ':index': number;
}

const linesOf = (lines: Iterable<string>) => [...lines].map((line) => readEdn(line) as Line);

const text = fc.string({ unit: 'grapheme', maxLength: 6 });
const touch: fc.Arbitrary<Touch> = fc.record({
  key: fc.constantFrom('/a', '/b"\\'),
  f: fc.constantFrom('read', 'write', 'cas'),
  value: fc.option(text),
  expected: text,
});
const call: fc.Arbitrary<Call> = fc
  .record({
    outcome: fc.constantFrom('ok', 'ok', 'fail', 'unknown'),
    error: fc.integer(),
    invokedNs: fc.nat(60),
    took: fc.nat(20),
    touches: fc.array(touch, { minLength: 1, maxLength: 2 }),
  })
  .map(({ took, ...call }) => ({ ...call, returnedNs: call.invokedNs + took }) as Call);
const calls = fc.array(call, { maxLength: 30 });

/** What Knossos and Elle take for granted of any history. */
function expectWellFormed(lines: readonly Line[]): void {
  expect(lines.map((line) => line[':index'])).toEqual(lines.map((_, i) => i));
  const open = new Map<number, Line>();
  const dead = new Set<number>();
  let time = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const { ':process': process, ':type': type } = line;
    expect(line[':time']).toBeGreaterThanOrEqual(time);
    time = line[':time'];
    expect(dead.has(process)).toBe(false);
    if (type === ':invoke') {
      expect(open.has(process)).toBe(false);
      open.set(process, line);
    } else {
      expect(open.get(process)?.[':f']).toBe(line[':f']);
      open.delete(process);
      if (type === ':info') dead.add(process);
    }
  }
  expect(open.size).toBe(0);
}

test.each([
  ['registers', (calls: Call[]) => registerLines(calls, true)],
  ['transactions', transactionLines],
])('%s: pairs, order, and no process that goes on after :info', (_, exported) => {
  fc.assert(fc.property(calls, (calls) => expectWellFormed(linesOf(exported(calls)))));
});

test('what returned before another was invoked stays before it, what touches is concurrent', () => {
  fc.assert(
    fc.property(calls, (calls) => {
      const marked = calls.map((call, i) => ({ ...call, touches: [{ ...call.touches[0]!, key: `/${i}` }] }));
      const lines = linesOf(registerLines(marked, true));
      const placeOf = (i: number, invoked: boolean) =>
        lines.findIndex(
          ({ ':value': value, ':type': type }) =>
            (value as string[])[0] === `/${i}` && (type === ':invoke') === invoked,
        );
      for (const [a, { returnedNs }] of calls.entries()) {
        for (const [b, { invokedNs }] of calls.entries()) {
          const before = placeOf(a, false) < placeOf(b, true);
          if (a !== b) expect(before).toBe(returnedNs < invokedNs);
        }
      }
    }),
  );
});

test('keys and values come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(touch), (touches) => {
      const calls = touches.map((touch, i): Call => {
        return { outcome: 'ok', error: 0, invokedNs: i, returnedNs: i, touches: [touch] };
      });
      const done = linesOf(registerLines(calls, true)).filter((line) => line[':type'] === ':ok');
      const told = ({ key, f, value, expected }: Touch) => [key, f === 'cas' ? [expected, value] : value];
      expect(done.map((line) => line[':value'])).toEqual(touches.map(told));
    }),
  );
});

describe('line by line', () => {
  const at = (
    invokedNs: number,
    returnedNs: number,
    outcome: Call['outcome'],
    ...touches: Touch[]
  ): Call => ({
    outcome,
    error: outcome === 'ok' ? 0 : -4,
    invokedNs,
    returnedNs,
    touches,
  });
  const write = (key: string, value: string): Touch => ({ key, f: 'write', value, expected: null });
  const read = (key: string, value: string | null): Touch => ({ key, f: 'read', value, expected: null });
  const some = [
    at(10, 20, 'unknown', write('/a', 'x')),
    at(30, 40, 'ok', read('/a', 'x')),
    at(50, 60, 'ok', { key: '/a', f: 'cas', value: 'y', expected: 'x' }, write('/b', 'z')),
  ];

  test('a register for Knossos', () => {
    expect([...registerLines(some, true)]).toEqual([
      '{:type :invoke, :f :write, :value ["/a" "x"], :process 0, :time 10, :index 0}',
      '{:type :info, :f :write, :value ["/a" "x"], :process 0, :time 20, :index 1, :error -4}',
      '{:type :invoke, :f :read, :value ["/a" nil], :process 1, :time 30, :index 2}',
      '{:type :ok, :f :read, :value ["/a" "x"], :process 1, :time 40, :index 3}',
      '{:type :invoke, :f :cas, :value ["/a" ["x" "y"]], :process 1, :time 50, :index 4}',
      '{:type :invoke, :f :write, :value ["/b" "z"], :process 2, :time 50, :index 5}',
      '{:type :ok, :f :cas, :value ["/a" ["x" "y"]], :process 1, :time 60, :index 6}',
      '{:type :ok, :f :write, :value ["/b" "z"], :process 2, :time 60, :index 7}',
    ]);
    expect([...registerLines(some, false)][3]).toContain(':value "x"');
  });

  test('transactions for Elle', () => {
    expect([...transactionLines(some)].slice(4)).toEqual([
      '{:type :invoke, :f :txn, :value [[:r "/a" nil] [:w "/a" "y"] [:w "/b" "z"]], :process 1, :time 50, :index 4}',
      '{:type :ok, :f :txn, :value [[:r "/a" "x"] [:w "/a" "y"] [:w "/b" "z"]], :process 1, :time 60, :index 5}',
    ]);
  });

  test('keys that went away, or had a value twice, are none for Elle', () => {
    const gone = at(70, 80, 'ok', { ...write('/gone', ''), value: null });
    const refused = at(90, 95, 'fail', write('/b', 'z'));
    expect(unfitForElle([...some, gone, refused, at(99, 99, 'ok', write('/a', 'x'))])).toEqual(
      new Set(['/gone', '/a']),
    );
  });
});
