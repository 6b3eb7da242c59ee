import type { Random } from '../../harness/base/random.ts';
import type { Model } from '../../harness/lin/model.ts';
import { kv } from '../../harness/lin/models/kv.ts';
import { mutex } from '../../harness/lin/models/mutex.ts';
import { queue } from '../../harness/lin/models/queue.ts';
import { casRegister } from '../../harness/lin/models/register.ts';
import { set } from '../../harness/lin/models/set.ts';
import type { Kind } from './random-history.ts';

const kindOf = <S>(kind: Kind<S>): Kind => kind as Kind;

/** One of the values, or now and then something else. */
function pickOrElse(random: Random, values: readonly unknown[], other: unknown): unknown {
  return values.length === 0 || random.int(0, 9) === 0 ? other : random.pick(values);
}

/** Registers; values from `value(random, n)`, so that they can be unique or not. */
const registers = (value: (random: Random, n: number) => number, casPercent: number): Kind =>
  kindOf<unknown>({
    model: casRegister,
    draw: (random, n) => {
      if (random.int(0, 1) === 0) return { f: 'read', input: null };
      if (random.int(1, 100) > casPercent) return { f: 'write', input: value(random, n) };
      return { f: 'cas', input: [random.int(0, 3) === 0 ? null : random.int(0, n), value(random, n)] };
    },
    answer: (state, f, input) => {
      if (f === 'read') return { state, output: state, outcome: 'ok' };
      if (f === 'write') return { state: input, output: null, outcome: 'ok' };
      const [from, to] = input as [unknown, unknown];
      return { state: from === state ? to : state, output: null, outcome: from === state ? 'ok' : 'fail' };
    },
    lie: (random, inputs) => {
      const written = inputs.map((input) => (Array.isArray(input) ? input[1] : input));
      return pickOrElse(random, written, random.int(0, 1) === 0 ? null : 5);
    },
    answers: ['read'],
    mayFail: ['cas'],
  });

export const uniqueRegisters = registers((_, n) => n, 0);
export const uniqueSwaps = registers((_, n) => n, 50);
export const repeatingSwaps = registers((random) => random.int(0, 2), 40);

export const texts = kindOf<string>({
  model: kv,
  draw: (random, n) => {
    const text = random.int(0, 5) === 0 ? 'a' : 'abcdefgh'[n]!;
    const roll = random.int(0, 9);
    return roll < 4 ? { f: 'get', input: null } : { f: roll < 6 ? 'put' : 'append', input: text };
  },
  answer: (state, f, input) => {
    if (f === 'get') return { state, output: state, outcome: 'ok' };
    return { state: f === 'put' ? String(input) : state + String(input), output: null, outcome: 'ok' };
  },
  lie: (random, inputs) =>
    Array.from({ length: random.int(0, 3) }, () => pickOrElse(random, inputs, 'a')).join(''),
  answers: ['get'],
  mayFail: [],
});

const sets = (removes: boolean): Kind =>
  kindOf<readonly unknown[]>({
    model: set,
    draw: (random, n) => {
      const roll = random.int(0, 9);
      if (roll < 4) return { f: 'read', input: null };
      if (removes && roll < 6) return { f: 'remove', input: random.int(0, n) };
      return { f: 'add', input: random.int(0, 9) === 0 ? 0 : n };
    },
    answer: (state, f, input) => {
      if (f === 'read') return { state, output: new Set(state), outcome: 'ok' };
      const others = state.filter((element) => element !== input);
      return { state: f === 'add' ? [...others, input] : others, output: null, outcome: 'ok' };
    },
    lie: (random, inputs) => new Set(inputs.filter(() => random.int(0, 2) > 0)),
    answers: ['read'],
    mayFail: [],
  });

export const growingSets = sets(false);
export const changingSets = sets(true);

export const queues = kindOf<readonly unknown[]>({
  model: queue,
  draw: (random, n) =>
    random.int(0, 1) === 0
      ? { f: 'dequeue', input: null }
      : { f: 'enqueue', input: random.int(0, 19) === 0 ? 0 : n },
  answer: (state, f, input) => {
    if (f === 'enqueue') return { state: [...state, input], output: null, outcome: 'ok' };
    return { state: state.slice(1), output: state[0] ?? null, outcome: 'ok' };
  },
  lie: (random, inputs) => (random.int(0, 3) === 0 ? null : pickOrElse(random, inputs, 0)),
  answers: ['dequeue'],
  mayFail: [],
});

/** Answers are always yes, so whether the calls fit depends on their times alone. */
export const mutexes = kindOf<boolean>({
  model: mutex as Model<boolean>,
  draw: (_, n) => ({ f: n % 2 === 0 ? 'acquire' : 'release', input: null }),
  answer: (state) => ({ state, output: null, outcome: 'ok' }),
  lie: () => null,
  answers: [],
  mayFail: [],
});
