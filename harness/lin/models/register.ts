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
    const [from, to] = call.input as [unknown, unknown];
    if (call.outcome === 'fail') return state === from ? undefined : state;
    return state === from ? to : undefined;
  },
  readOnly: (call) =>
    call.f === 'read' || (call.f === 'cas' && (call.outcome === 'fail' || isNoChange(call))),
  operations: ['read', 'write', 'cas'],
  observesFailure: ['cas'],
};

function isNoChange({ input }: Call): boolean {
  const [from, to] = input as [unknown, unknown];
  return from === to;
}
