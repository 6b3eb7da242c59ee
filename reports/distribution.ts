/** A sample of times, told without assuming any shape of their distribution. All ms. */
export interface Distribution {
  n: number;
  min: number;
  median: number;
  /** Nine of ten are not above it. */
  p90: number;
  max: number;
}

/** Undefined for no values at all. Quantiles are values that occurred (nearest rank). */
export function distributionOf(values: readonly number[]): Distribution | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
  return { n: sorted.length, min: sorted[0]!, median: at(0.5), p90: at(0.9), max: sorted.at(-1)! };
}

/** The values on a line of `width` characters from 0 to `most`: how many fell where (9 for nine and more), `|` at the mark. */
export function strip(values: readonly number[], most: number, width: number, mark?: number): string {
  const place = (value: number) => Math.min(width - 1, Math.floor((value / most) * width));
  const counts = new Array<number>(width).fill(0);
  for (const value of values) counts[place(value)]!++;
  const at = mark === undefined ? -1 : place(mark);
  return counts.map((n, i) => (n > 0 ? String(Math.min(9, n)) : i === at ? '|' : '·')).join('');
}
