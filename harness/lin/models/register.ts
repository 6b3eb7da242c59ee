import { byKey, type Call, type Model } from '../model.ts';

/** A cell that holds one value, null at first. */
export const register: Model = {
  init: () => null,
  step: (state, { f, input, output, outcome }) => {
    if (f === 'write') return input;
    return outcome === 'unknown' || output === state ? state : undefined;
  },
  key: (state) => state,
  partition: byKey,
  readOnly: ({ f }) => f === 'read',
  operations: ['read', 'write'],
};

/** A register with compare-and-set, input `[from, to]`; one that failed saw another value than `from`. */
export const casRegister: Model = {
  ...register,
  step: (state, call) => {
    if (call.f !== 'cas') return register.step(state, call);
    const swap = call.input as readonly unknown[];
    if (call.outcome === 'fail') return state === swap[0] ? undefined : state;
    return state === swap[0] ? swap[1] : undefined;
  },
  readOnly: (call) =>
    call.f === 'read' || (call.f === 'cas' && (call.outcome === 'fail' || isNoChange(call))),
  operations: ['read', 'write', 'cas'],
  observesFailure: ['cas'],
};

function isNoChange({ input }: Call): boolean {
  const swap = input as readonly unknown[];
  return swap[0] === swap[1];
}
