import { byKey, type Model } from '../model.ts';

/** Elements by the order they were added, as a text of their ids would be: states are small, so lists do. */
type Elements = readonly unknown[];

/** A set: `add` and `remove` an element, `read` all of them (a set, or a list in any order). */
export const set: Model<Elements> = {
  init: () => [],
  step: (state, { f, input, output, outcome }) => {
    if (f === 'add') return state.includes(input) ? state : [...state, input];
    if (f === 'remove') return state.includes(input) ? state.filter((element) => element !== input) : state;
    return outcome === 'unknown' || holdsExactly(state, elementsOf(output)) ? state : undefined;
  },
  key: (state) => [...state].map(nameOf).sort().join(),
  partition: byKey,
  readOnly: ({ f }) => f === 'read',
  operations: ['add', 'remove', 'read'],
};

/** The elements a read returned, without repetitions; nil is the empty set. */
function elementsOf(output: unknown): ReadonlySet<unknown> {
  if (output === null) return new Set();
  return output instanceof Set ? output : new Set(output as Iterable<unknown>);
}

function holdsExactly(state: Elements, read: ReadonlySet<unknown>): boolean {
  return state.length === read.size && state.every((element) => read.has(element));
}

const nameOf = (element: unknown) => `${typeof element} ${JSON.stringify(element)}`;
