import { type HitRate, judgeTries } from './sequential-test.ts';

/** Something smaller than what it was made from, and what was taken away, in words. */
export interface Reduction<S> {
  without: string;
  scenario: S;
}

/** What a try of a candidate shows; `refused`: it is no scenario that can be run, and no time was spent. */
export type Tried = 'hit' | 'miss' | 'refused';

export interface Search<S> {
  /**
   * All that can be taken away from a scenario, in families: the big and promising first. A family is gone through
   * until nothing of it can be taken away any more.
   */
  families: readonly ((scenario: S) => Reduction<S>[])[];
  /** Two scenarios with the same key are the same one. */
  keyOf(scenario: S): string;
  tryIt(scenario: S): Promise<Tried>;
  /** Whether the budget still allows a try; asked before each. */
  goOn(): boolean;
  /** Most tries of one candidate. */
  triesMax: number;
  onJudged?(reduction: Reduction<S>, kept: boolean, rate: HitRate): void;
}

export interface Shrunk<S> {
  scenario: S;
  /** How often it was tried as it is, and hit; empty when nothing could be taken away. */
  rate: HitRate;
  /** What was taken away, in this order. */
  removed: string[];
  candidates: number;
  tries: number;
  /** Whether nothing more can be taken away; otherwise the budget ran out. */
  minimal: boolean;
}

/**
 * Takes away from a scenario what its finding does not need: delta debugging (Zeller and Hildebrandt, IEEE TSE 28,
 * 2002) with candidates that are tried until it is clear whether they hit as often as the start. Never tries the same
 * candidate twice; a candidate that could not be judged is dropped. `base` is how often the start hit.
 */
export async function shrink<S>(start: S, base: HitRate, search: Search<S>): Promise<Shrunk<S>> {
  const { families, keyOf, tryIt, goOn, triesMax, onJudged } = search;
  const dropped = new Set([keyOf(start)]);
  let best = start;
  let rate: HitRate = { hits: 0, tries: 0 };
  const removed: string[] = [];
  let candidates = 0;
  let tries = 0;
  let spent = false;

  for (let smaller = true; smaller && !spent; ) {
    smaller = false;
    for (const family of families) {
      for (let next = await firstKept(family); next; next = await firstKept(family)) {
        best = next.scenario;
        removed.push(next.without);
        smaller = true;
      }
    }
  }
  return { scenario: best, rate, removed, candidates, tries, minimal: !spent };

  /** The first of a family that still hits; everything tried on the way is remembered. */
  async function firstKept(family: (scenario: S) => Reduction<S>[]): Promise<Reduction<S> | undefined> {
    for (const reduction of family(best)) {
      if (spent) return undefined;
      const key = keyOf(reduction.scenario);
      if (dropped.has(key)) continue;
      dropped.add(key);
      const judged = await judge(reduction.scenario);
      if (judged.tries > 0) onJudged?.(reduction, judged.kept, judged);
      if (!judged.kept) continue;
      rate = { hits: judged.hits, tries: judged.tries };
      return reduction;
    }
    return undefined;
  }

  async function judge(scenario: S): Promise<HitRate & { kept: boolean }> {
    const own = { hits: 0, tries: 0 };
    candidates++;
    while (own.tries < triesMax) {
      if (!goOn()) {
        spent = true;
        break;
      }
      const tried = await tryIt(scenario);
      if (tried === 'refused') break;
      own.tries++;
      tries++;
      if (tried === 'hit') own.hits++;
      const judgement = judgeTries(own, base);
      if (judgement !== 'undecided') return { ...own, kept: judgement === 'as often' };
    }
    return { ...own, kept: false };
  }
}
