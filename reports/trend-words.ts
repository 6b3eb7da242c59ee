import { duration, plural } from './format.ts';
import { signs } from './signs.ts';
import { type Figure, figures, type Night, type Series } from './trend.ts';

/** "12 pass, 1 violation". */
export function countsInWords({ counts }: Night): string {
  const all = Object.entries(counts).map(([verdict, n]) => `${n} ${verdict}`);
  return all.join(', ') || 'nothing ran';
}

/** When it began, to the minute: "2026-11-21 02:17". */
export const when = ({ startedAt }: Night) => startedAt.slice(0, 16).replace('T', ' ');

export const figureOf = (night: Night, figure: Figure) => {
  const value = night.figures[figure];
  return value === undefined ? '–' : duration(value);
};

const columns = ['night (UTC)', 'seed', 'verdict', 'scenarios', ...Object.values(figures)];

/** A table for each series on a terminal, a line a night, and below it what changed. */
export function trendLines(series: readonly Series[]): string[] {
  return series.flatMap(({ name, nights }) => {
    const rows = nights.map((night) => [
      when(night),
      String(night.seed),
      `${signs[night.verdict]} ${night.verdict}`,
      countsInWords(night),
      ...(Object.keys(figures) as Figure[]).map((figure) => figureOf(night, figure)),
    ]);
    const widths = columns.map((column, i) =>
      Math.max(...[column, ...rows.map((row) => row[i]!)].map((text) => text.length)),
    );
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd();
    const changed = nights.filter(({ changes }) => changes.length > 0);
    return [
      `${name}: ${plural(nights.length, 'night')}`,
      line(columns),
      ...rows.map(line),
      changed.length === 0 ? 'no night changed anything' : 'what changed:',
      ...changed.map((night) => `  ${when(night)}  ${night.changes.join('; ')}`),
      '',
    ];
  });
}
