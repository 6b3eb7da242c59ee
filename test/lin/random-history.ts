import type { Random } from '../../harness/base/random.ts';
import type { LinHistory } from '../../harness/lin/history.ts';
import { HistoryBuilder } from '../../harness/lin/history-builder.ts';
import type { Model, Outcome } from '../../harness/lin/model.ts';

/** How to draw small histories of an object. */
export interface Kind<S = unknown> {
  readonly model: Model<S>;
  /** The n-th call of a history. */
  draw(random: Random, n: number): { f: string; input: unknown };
  /** What the object answers, by itself. */
  answer(state: S, f: string, input: unknown): { state: S; output: unknown; outcome: 'ok' | 'fail' };
  /** An answer that may be wrong; `inputs` are those of all calls, so that it is not wrong at first sight. */
  lie(random: Random, inputs: readonly unknown[]): unknown;
  /** Operations that return something. */
  readonly answers: readonly string[];
  /** Operations that may be told to have failed. */
  readonly mayFail: readonly string[];
}

interface Drawn {
  f: string;
  input: unknown;
  output: unknown;
  outcome: Outcome;
  invoked: number;
  returned: number;
  point: number;
}

/** Times are few and short, so that calls touch, coincide and follow each other. */
const lastStart = 10;
const longest = 5;

/** Up to `callsMax` calls: as the object would answer them in some order, with up to three answers made up. */
export function randomHistory(kind: Kind, random: Random, callsMax: number): LinHistory {
  const count = random.int(2, callsMax);
  const calls: Drawn[] = Array.from({ length: count }, (_, n) => {
    const invoked = random.int(0, lastStart);
    const returned = invoked + random.int(0, longest);
    const point = invoked + (random.int(0, 100) / 100) * (returned - invoked);
    const outcome: Outcome = random.int(1, 6) === 1 ? 'unknown' : 'ok';
    return { ...kind.draw(random, n), output: null, outcome, invoked, returned, point };
  });
  answerAll(kind, random, calls);
  for (let lies = random.int(0, 3); lies > 0; lies--) spoil(kind, random, calls);
  return written(calls);
}

function answerAll(kind: Kind, random: Random, calls: Drawn[]): void {
  let state = kind.model.init();
  for (const call of [...calls].sort((a, b) => a.point - b.point)) {
    // A call without an answer may have taken effect or not.
    if (call.outcome === 'unknown' && random.int(0, 1) === 0) continue;
    const answer = kind.answer(state, call.f, call.input);
    state = answer.state;
    if (call.outcome === 'unknown') continue;
    call.output = answer.output;
    call.outcome = answer.outcome;
  }
}

function spoil(kind: Kind, random: Random, calls: Drawn[]): void {
  const call = random.pick(calls);
  if (call.outcome === 'unknown') return;
  if (kind.mayFail.includes(call.f)) call.outcome = call.outcome === 'ok' ? 'fail' : 'ok';
  else if (kind.answers.includes(call.f))
    call.output = kind.lie(
      random,
      calls.map(({ input }) => input).filter((input) => input !== null),
    );
}

function written(calls: readonly Drawn[]): LinHistory {
  const builder = new HistoryBuilder('line');
  calls.forEach(({ f, input, output, outcome, invoked, returned }, process) => {
    const op = builder.begin(process, builder.nameOf(f), 0, builder.values.idOf(input), invoked);
    if (outcome !== 'unknown') builder.end(op, outcome, builder.values.idOf(output), returned);
  });
  return builder.finish();
}
