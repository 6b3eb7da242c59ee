import { never } from '../../base/never.ts';
import type { Breach } from '../chains/decision.ts';
import type { LinHistory } from '../history.ts';
import type { Call } from '../model.ts';
import { callOf } from '../partition.ts';
import { type Claim, opsOf } from './claim.ts';
import { callWords } from './words.ts';

/** A few calls that no order explains, for people. */
export interface Counterexample {
  /** One or two sentences. */
  readonly why: string;
  readonly calls: readonly ShownCall[];
}

export interface ShownCall {
  /** Its number among the calls of the history, from 0. */
  readonly index: number;
  readonly process: number;
  readonly call: Call;
  /** In the history's unit; null when there was no answer. */
  readonly invoked: number;
  readonly returned: number | null;
  /**
   * `recorded`: as it is in the file. `optional`: whether it took effect is left open, as what came before or after was cut
   * off. `weaker`: of a compare-and-set only that it wrote, of a read only a part of what it saw.
   */
  readonly taken: 'recorded' | 'optional' | 'weaker';
}

export function counterexampleOf(
  history: LinHistory,
  claim: Claim,
  breach: Breach | undefined,
): Counterexample {
  const returned = new Set(claim.events.filter((event) => event < 0));
  const calls = opsOf(claim).map((op): ShownCall => {
    const treatment = claim.treat.get(op);
    const call = callOf(history, op);
    const open = call.outcome !== 'unknown' && (treatment === 'optional' || !returned.has(~op));
    return {
      index: op,
      process: history.process[op]!,
      call,
      invoked: shownTime(history, history.invoked[op]!),
      returned: Number.isFinite(history.returned[op]!) ? shownTime(history, history.returned[op]!) : null,
      taken: open ? 'optional' : typeof treatment === 'object' ? 'weaker' : 'recorded',
    };
  });
  return { why: breach === undefined ? whySearched(claim) : whyBroken(history, breach), calls };
}

function whySearched({ states }: Claim): string {
  if (states === undefined)
    return 'No order of these calls is legal from the initial state on; every one was tried.';
  return 'No order of these calls is legal, whatever the state was when the first of them was invoked; every one was tried.';
}

function whyBroken(history: LinHistory, breach: Breach): string {
  const say = (op: number) => `${callWords(callOf(history, op))} (process ${history.process[op]})`;
  switch (breach.kind) {
    case 'order':
      return (
        `By what they wrote and saw, ${say(breach.later)} took effect after ${say(breach.earlier)}; ` +
        'but it had returned before that one was invoked.'
      );
    case 'overlap':
      return overlapWords(breach.before, breach.after, say);
    case 'unwritten':
      return `${say(breach.op)} saw what no call had written.`;
    case 'twice':
      return `${say(breach.ops[0])} and ${say(breach.ops[1])} both took the same value, which was there once.`;
    case 'circle':
      return 'Each of these calls found the value that another one of them left: none can have been the first.';
    case 'apart':
      return `${say(breach.ops[0])} and ${say(breach.ops[1])} each lack something that the other has, and nothing is ever removed.`;
    case 'overtaken':
      return (
        `${say(breach.second.giver)} was invoked after ${say(breach.first.giver)} had returned; ` +
        `but its element was out of the queue before anybody began to take the other.`
      );
    case 'never-empty':
      return `${say(breach.op)} found the queue empty, but at every moment of it one of these elements was inside.`;
    default:
      return never(breach);
  }
}

/** `[a, b]` and `[c, d]`: a and d are of one chain, b and c of another, and each call precedes the next of its pair. */
function overlapWords(
  [a, b]: readonly [number, number],
  [c, d]: readonly [number, number],
  say: (op: number) => string,
): string {
  const both = (one: number, other: number) =>
    one === other ? `${say(one)} is` : `${say(one)} and ${say(other)} are`;
  const values = 'one value (or values that compare-and-set ties together)';
  if (a < 0)
    return `${say(d)} is about the initial value, or what compare-and-set made of it; but it was invoked after ${say(c)} had returned, which is about another value.`;
  return (
    `${both(a, d)} about ${values}, ${both(b, c)} about another, and each was there once; ` +
    `but ${say(a)} returned before ${say(b)} was invoked, and ${say(c)} before ${say(d)}.`
  );
}

const shownTime = ({ unit }: LinHistory, time: number) => (unit === 'line' ? Math.floor(time) : time);

/** When a call ran: lines of the file, seconds, or the caller's times. */
export function place(history: LinHistory, op: number): string {
  const { unit, invoked, returned } = history;
  const [from, to] = [invoked[op]!, returned[op]!];
  const say = (time: number) =>
    history.unit === 'ns' ? `${(time / 1e9).toFixed(6)} s` : shownTime(history, time);
  const what = { line: 'line', ns: 'at', time: 'at' }[unit];
  if (!Number.isFinite(from)) return `until ${say(to)}`;
  return Number.isFinite(to) ? `${what} ${say(from)} to ${say(to)}` : `${what} ${say(from)}, open`;
}
