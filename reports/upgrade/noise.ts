/** One figure of every repetition of the same thing, on the old release and on something else. */
export interface Compared {
  /** Middle of the repetitions; undefined without any. */
  before: number | undefined;
  after: number | undefined;
  /**
   * `same`: what differs is within the noise. `untold`: too few repetitions to know the noise. `more` and `less` are
   * about the figure, not about good and bad.
   */
  verdict: 'same' | 'more' | 'less' | 'untold';
  /** How far repetitions of one and the same thing differ, at most. */
  noise: number | undefined;
}

/**
 * A difference is one only when every repetition of one is beyond every repetition of the other, and by more than
 * repetitions of one and the same thing differ among themselves: of these two, and of `others` that were measured beside
 * them. No shape of their distribution is assumed.
 */
export function compare(
  before: readonly number[],
  after: readonly number[],
  others: readonly (readonly number[])[] = [],
): Compared {
  const figures = { before: middle(before), after: middle(after) };
  if (before.length < 2 || after.length < 2) return { ...figures, verdict: 'untold', noise: undefined };
  const noise = Math.max(...[before, after, ...others].filter(({ length }) => length > 0).map(spread));
  if (Math.min(...after) - Math.max(...before) > noise) return { ...figures, verdict: 'more', noise };
  if (Math.min(...before) - Math.max(...after) > noise) return { ...figures, verdict: 'less', noise };
  return { ...figures, verdict: 'same', noise };
}

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

export function middle(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}
