import { byKey, type Model } from '../model.ts';

/** Texts by key, empty at first: `put` replaces, `append` adds at the end, `get` reads (nil is the empty text). */
export const kv: Model<string> = {
  init: () => '',
  step: (state, { f, input, output, outcome }) => {
    if (f === 'put') return String(input);
    if (f === 'append') return state + String(input);
    return outcome === 'unknown' || String(output ?? '') === state ? state : undefined;
  },
  key: (state) => state,
  partition: byKey,
  readOnly: ({ f }) => f === 'get',
  operations: ['get', 'put', 'append'],
};
