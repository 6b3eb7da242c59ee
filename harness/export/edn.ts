import { never } from '../base/never.ts';
import { eventsOf } from './event-order.ts';
import type { Call, Touch } from './registers.ts';

/**
 * Histories as Jepsen stores them, one map a line. A process is a lane on which calls never overlap; after `:info` it
 * is used no more, as Knossos and Elle demand, because such a call may take effect at any later time.
 */

/** Registers for Knossos: `:read`, `:write`, `:cas`. With `keyed` values are `[key value]`, Jepsen's independent tuples. */
export function* registerLines(calls: readonly Call[], keyed: boolean): Iterable<string> {
  const single = calls.flatMap(({ touches, ...call }) => touches.map((touch) => ({ ...call, touch })));
  let index = 0;
  for (const { of, kind, atNs, lane } of eventsOf(single, isOpen)) {
    const value = registerValue(of.touch, kind === 'end' && of.outcome === 'ok');
    yield lineOf({
      type: kind === 'begin' ? ':invoke' : typeOf(of.outcome),
      f: `:${of.touch.f}`,
      value: keyed ? `[${text(of.touch.key)} ${value}]` : value,
      process: lane,
      time: atNs,
      index: index++,
      ...(kind === 'end' && of.outcome !== 'ok' && { error: of.error }),
    });
  }
}

/** Transactions for Elle's rw-register: `[[:r key value] [:w key value]]`. A cas is a read and a write at once. */
export function* transactionLines(calls: readonly Call[]): Iterable<string> {
  let index = 0;
  for (const { of, kind, atNs, lane } of eventsOf(calls, isOpen)) {
    const answered = kind === 'end' && of.outcome === 'ok';
    yield lineOf({
      type: kind === 'begin' ? ':invoke' : typeOf(of.outcome),
      f: ':txn',
      value: `[${of.touches.flatMap((touch) => stepsOf(touch, answered)).join(' ')}]`,
      process: lane,
      time: atNs,
      index: index++,
      ...(kind === 'end' && of.outcome !== 'ok' && { error: of.error }),
    });
  }
}

/** Elle takes every value of a key to be written once and no key to go away; keys for which that does not hold. */
export function unfitForElle(calls: readonly Call[]): Set<string> {
  const unfit = new Set<string>();
  const written = new Map<string, Set<string>>();
  for (const { touches, outcome } of calls) {
    for (const { key, f, value } of touches) {
      if (f === 'read' || outcome === 'fail') continue;
      const values = written.get(key) ?? new Set();
      written.set(key, values);
      if (value === null || values.has(value)) unfit.add(key);
      else values.add(value);
    }
  }
  return unfit;
}

function lineOf(fields: Record<string, string | number>): string {
  const pairs = Object.entries(fields).map(([name, value]) => `:${name} ${value}`);
  return `{${pairs.join(', ')}}`;
}

const isOpen = ({ outcome }: Pick<Call, 'outcome'>) => outcome === 'unknown';

function typeOf(outcome: Call['outcome']): string {
  switch (outcome) {
    case 'ok':
      return ':ok';
    case 'fail':
      return ':fail';
    case 'unknown':
      return ':info';
    default:
      return never(outcome);
  }
}

function registerValue({ f, value, expected }: Touch, answered: boolean): string {
  switch (f) {
    case 'read':
      return answered ? text(value) : 'nil';
    case 'write':
      return text(value);
    case 'cas':
      return `[${text(expected)} ${text(value)}]`;
    default:
      return never(f);
  }
}

function stepsOf({ key, f, value, expected }: Touch, answered: boolean): string[] {
  const read = (seen: string | null) => `[:r ${text(key)} ${answered ? text(seen) : 'nil'}]`;
  const write = `[:w ${text(key)} ${text(value)}]`;
  switch (f) {
    case 'read':
      return [read(value)];
    case 'write':
      return [write];
    case 'cas':
      return [read(expected), write];
    default:
      return never(f);
  }
}

/** JSON's escapes are all among EDN's. */
function text(value: string | null): string {
  return value === null ? 'nil' : JSON.stringify(value);
}
