/**
 * `ok`: took effect between invocation and return. `fail`: answered that it had no effect, which is an observation
 * for the few operations a model says so of (a compare-and-set that found another value). `unknown`: no answer; it may
 * take effect at any time after its invocation, or never.
 */
export const outcomes = ['ok', 'fail', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

/** One call of the object under test. Equal calls are one object, so a model may compare inputs and outputs with `===`. */
export interface Call {
  /** Which of several objects (a register's key, a znode's path); null where there is one. */
  readonly key: unknown;
  /** The operation's name, as in the file: `read`, `write`. */
  readonly f: string;
  readonly input: unknown;
  /** Null unless the outcome is `ok`. */
  readonly output: unknown;
  readonly outcome: Outcome;
}

/**
 * What an object does when nobody disturbs it: four functions. They must be pure, and a state must not be changed once
 * it was returned.
 */
export interface Model<State = unknown> {
  /** The state before the first call. */
  init(): State;
  /**
   * The state after the call, or undefined where the call could not have given this output. An `unknown` call gives the
   * state in which it took effect. `undefined` itself cannot be a state.
   */
  step(state: State, call: Call): State | undefined;
  /** States are the same when their keys are (as keys of a Map): a number, a string, or the state itself. */
  key(state: State): unknown;
  /** Calls of different parts must not affect each other; each part is judged alone (Herlihy & Wing 1990, locality). */
  partition(call: Call): unknown;

  /** True for a call that changes no state whatsoever, as a read: lets the search place it at once. Never true by mistake. */
  readOnly?(call: Call): boolean;
  /** Names of the operations understood; any other in a file is refused. Without it, all are taken. */
  operations?: readonly string[];
  /** Operations whose `fail` is an observation; for all others a failed call is left out. */
  observesFailure?: readonly string[];
}

/** For objects that are told apart by `key` alone. */
export const byKey = (call: Call): unknown => call.key;
