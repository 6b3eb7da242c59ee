/** How often a scenario was tried and how often its finding returned. */
export interface HitRate {
  hits: number;
  tries: number;
}

export type Judgement = 'as often' | 'seldom' | 'undecided';

/** Chance of either mistake: to keep a candidate that hits seldom, or to drop one that hits as often. */
const mistakes = 0.15;

/** "Seldom" is a third of how often it was before. */
const seldomShare = 1 / 3;

/** Laplace's rule of succession: five hits of five do not make a certainty. */
const expectedRate = ({ hits, tries }: HitRate) => (hits + 1) / (tries + 2);

/**
 * Whether a flaky candidate still hits as often as what it was made from, or seldom: Wald's sequential probability
 * ratio test (A. Wald, Annals of Mathematical Statistics 16, 1945), which asks for as few tries as the answers allow.
 * With a base that always hit, two hits in a row are enough, and so are two misses.
 */
export function judgeTries({ hits, tries }: HitRate, base: HitRate): Judgement {
  const often = expectedRate(base);
  const seldom = often * seldomShare;
  const evidence = hits * Math.log(often / seldom) + (tries - hits) * Math.log((1 - often) / (1 - seldom));
  const bound = Math.log((1 - mistakes) / mistakes);
  if (evidence >= bound) return 'as often';
  return evidence <= -bound ? 'seldom' : 'undecided';
}
