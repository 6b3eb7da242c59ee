import { byKey, type Model } from '../model.ts';

/** A lock: `acquire` what nobody holds, `release` what somebody holds. */
export const mutex: Model<boolean> = {
  init: () => false,
  step: (held, { f }) => {
    const acquires = f === 'acquire';
    return held === acquires ? undefined : acquires;
  },
  key: (held) => held,
  partition: byKey,
  operations: ['acquire', 'release'],
};
