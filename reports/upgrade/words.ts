import { duration } from '../format.ts';
import type { Answer, Decision } from './decide.ts';
import type { FigureRow } from './figures.ts';
import type { Compared } from './noise.ts';
import type { UpgradeReport } from './upgrade-report.ts';

/** A sign beside every word: never a colour alone. */
export const answerSigns: Record<Answer, string> = { go: '✔', 'no-go': '✘', invalid: '!' };

const meanings: Record<Answer, (way: { from: string; to: string }) => string> = {
  go: ({ from, to }) =>
    `The way from ${from} to ${to}, and ${to} itself, kept every promise that was put to the test.`,
  'no-go': ({ from, to }) =>
    `A documented promise was broken on the way from ${from} to ${to}, or by ${to} itself.`,
  invalid: () => 'Nothing is proven: a part of what had to be tried was not, or not to its end.',
};

export const meaningOf = ({ asked, decision }: UpgradeReport): string => meanings[decision.answer](asked);

/** The lists of reasons that have something in them, with their headings. */
export function reasonLists({ blocking, open, told }: Decision, { from }: { from: string }) {
  return [
    { title: 'Why not', reasons: blocking },
    { title: 'What is not proven', reasons: open },
    {
      title: `Told, and not counted: what ${from} does by itself, times, and what to look at`,
      reasons: told,
    },
  ].filter(({ reasons }) => reasons.length > 0);
}

/** Latencies differ by less than a millisecond: "4.3 ms". */
const fine = (ms: number) => (ms >= 1 && ms < 10 ? `${ms.toFixed(1)} ms` : duration(ms));

/** "220 ms (190 ms to 260 ms)", or "–" where it was not measured. */
export function valuesInWords(values: readonly number[], middle: number | undefined): string {
  if (middle === undefined) return '–';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.length === 1 ? fine(middle) : `${fine(middle)} (${fine(least)} to ${fine(most)})`;
}

/** What a comparison says: a difference only beyond the noise. */
export function comparedInWords({ verdict, before, after, noise }: Compared): string {
  switch (verdict) {
    case 'untold':
      return 'too few repetitions to say';
    case 'same':
      return `within the noise (${fine(noise!)})`;
    case 'more':
    case 'less':
      return `${fine(Math.abs(after! - before!))} ${verdict} (noise ${fine(noise!)})`;
  }
}

/** Half-sentences about figures that differ beyond the noise. */
export function differing(rows: readonly FigureRow[], { from, to }: { from: string; to: string }): string[] {
  return rows.flatMap(({ words, mixed, after }) =>
    [
      { compared: mixed, on: 'with servers of both' },
      { compared: after, on: `on ${to}` },
    ]
      .filter(({ compared }) => compared.verdict === 'more' || compared.verdict === 'less')
      .map(({ compared, on }) => `${words}: ${comparedInWords(compared)} ${on} than on ${from} alone`),
  );
}
