import { usage } from '../base/trouble.ts';
import { knownModel } from './catalogue.ts';
import { checkHistory, type Limits, type LinVerdict } from './check.ts';
import type { LinHistory } from './history.ts';
import { HistoryBuilder } from './history-builder.ts';
import type { Model, Outcome } from './model.ts';

/** A call as a program of your own recorded it. */
export interface RecordedCall {
  /** For words only. */
  readonly process?: number;
  readonly key?: unknown;
  readonly f: string;
  readonly input?: unknown;
  /** What it returned; left out where there was no answer. */
  readonly output?: unknown;
  /** Default `ok`. */
  readonly outcome?: Outcome;
  /** On any clock that all calls share; `returned` is left out where there was no answer. */
  readonly invoked: number;
  readonly returned?: number;
}

/** Judges calls of a program of your own; models of ours are in `models`. Throws a `Trouble` for calls that make no sense. */
export function checkLinearizable<State>(
  calls: readonly RecordedCall[],
  model: Model<State>,
  limits: Partial<Limits> = {},
): Promise<LinVerdict> {
  return checkHistory(historyOfCalls(calls, model as Model), model as Model, limits);
}

/** Calls in columns; those that failed are left out unless the model says that their failure is an observation. */
export function historyOfCalls(calls: readonly RecordedCall[], model: Model): LinHistory {
  const builder = new HistoryBuilder('time');
  const { values } = builder;
  const known = knownModel(model);
  for (const [index, call] of calls.entries()) {
    const { process = 0, key, f, input, output, outcome = 'ok', invoked, returned } = call;
    const wrong = wrongIn(call, model);
    if (wrong !== undefined)
      throw usage(`call ${index}`, wrong, 'see docs/lin.md for what a call is made of');
    if (outcome === 'fail' && !model.observesFailure?.includes(f)) continue;
    const ids = { input: values.idOf(input), output: values.idOf(output) };
    const strange = known.wrongInput?.(f, ids.input, values) ?? known.wrongOutput?.(f, ids.output, values);
    if (strange !== undefined)
      throw usage(`call ${index}`, strange, 'see docs/lin.md for what a call is made of');
    const op = builder.begin(process, builder.nameOf(f), values.idOf(key), ids.input, invoked);
    if (outcome !== 'unknown') builder.end(op, outcome, ids.output, returned!);
  }
  return builder.finish();
}

function wrongIn(
  { f, outcome = 'ok', invoked, returned }: RecordedCall,
  { operations }: Model,
): string | undefined {
  if (operations !== undefined && !operations.includes(f))
    return `the model has no operation "${f}", only ${operations.join(', ')}`;
  if (Number.isNaN(invoked)) return 'it was invoked at no time';
  if (outcome === 'unknown')
    return returned === undefined ? undefined : 'it has no answer, but a time of return';
  if (returned === undefined || !(returned < Number.POSITIVE_INFINITY))
    return 'it has an answer, but no time of return';
  return returned < invoked
    ? `it returned at ${returned}, before ${invoked}, when it was invoked`
    : undefined;
}
