import { byKey, type Model } from '../model.ts';

/** Elements, the oldest first. */
type Elements = readonly unknown[];

/** First in, first out: `enqueue` an element, `dequeue` the oldest, or nil from an empty queue. */
export const queue: Model<Elements> = {
  init: () => [],
  step: (state, { f, input, output, outcome }) => {
    if (f === 'enqueue') return [...state, input];
    const foundEmpty = outcome === 'ok' && output === null;
    if (state.length === 0) return foundEmpty || outcome === 'unknown' ? state : undefined;
    const tookOldest = outcome === 'unknown' || (output === state[0] && !foundEmpty);
    return tookOldest ? state.slice(1) : undefined;
  },
  key: (state) => state.map((element) => `${typeof element} ${JSON.stringify(element)}`).join(),
  partition: byKey,
  readOnly: ({ f, output, outcome }) => f === 'dequeue' && outcome === 'ok' && output === null,
  operations: ['enqueue', 'dequeue'],
};
