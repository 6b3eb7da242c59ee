import type { Call } from '../model.ts';
import type { CallCount, Reduction } from '../search/reduction.ts';
import { kv } from './kv.ts';
import { lengthsOf, splitText } from './split-text.ts';

/** Stands for every text that begins no text that was read. It can come before the next put only. */
const lost = Symbol('a text nobody reads any more');

/**
 * A text that begins none that was read is as good as any other such: until a put, nobody reads. A put that begins no
 * text read, and an append that occurs in none, are unseen. Where texts can be taken apart into what was written, an
 * append that is a piece of one, and that one call alone wrote, has to stand there: leading to a lost text, it leads
 * nowhere.
 */
export function reduceKv(calls: readonly CallCount[], initial: readonly unknown[]): Reduction {
  const texts = new Set<string>();
  const writers = new Map<string, number>();
  for (const { call, count } of calls) {
    if (call.f !== 'get') writers.set(String(call.input), (writers.get(String(call.input)) ?? 0) + count);
    else if (call.outcome === 'ok') texts.add(textRead(call));
  }
  const sorted = [...texts].sort();
  const begins = (text: string) => sorted[positionOf(sorted, text)]?.startsWith(text) ?? false;
  const keep = (text: string) => (begins(text) ? text : lost);
  const split = splitAll(sorted, [...writers.keys()]);
  // From another text than the empty one, a text read may be there without the calls that would write it.
  const fromEmpty = initial.length === 1 && initial[0] === kv.init();
  const once = (piece: string) => fromEmpty && writers.get(piece) === 1;
  const bound = new Set([...split.values()].flat().filter(once));
  /** Texts that one call alone can complete; without a call, the one at the beginning. */
  const final = new Set(sorted.filter((text) => fromEmpty && split.get(text)?.slice(-1).every(once)));
  return {
    model: {
      ...kv,
      step: (state, call) => {
        if (call.f === 'get')
          return call.outcome === 'unknown' || textRead(call) === state ? state : undefined;
        const text = String(call.input);
        if (call.f === 'put') return keep(text);
        const after = state === lost ? lost : keep((state as string) + text);
        return after === lost && bound.has(text) ? undefined : after;
      },
    },
    initial: initial.map((text) => keep(text as string)),
    unseen: ({ f, input }) => {
      if (f === 'put') return !begins(String(input));
      return f === 'append' && !sorted.some((text) => text.includes(String(input)));
    },
    total: ({ f }) => f !== 'get',
    needs: (call) =>
      call.f === 'get' && call.outcome === 'ok' && final.has(textRead(call))
        ? { state: textRead(call) }
        : undefined,
    blind: ({ f }) => f === 'put',
  };
}

const textRead = ({ output }: Call) => String(output ?? '');

/** What each text is made of; nothing where they could be taken apart in more than one way. */
function splitAll(texts: readonly string[], written: readonly string[]): Map<string, string[]> {
  const lengths = lengthsOf(written);
  if (lengths === undefined) return new Map();
  const meanings = new Map(written.map((text) => [text, text]));
  return new Map(
    texts.flatMap((text) => {
      const pieces = splitText(text, lengths, meanings);
      return pieces === undefined ? [] : [[text, pieces]];
    }),
  );
}

/** Index of the first text that is not less. */
function positionOf(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
