import { type Html, html, type Part } from '../html/html.ts';
import { table } from '../html/parts.ts';
import { type FigureRow, type Side, sides } from './figures.ts';
import type { UpgradeReport } from './upgrade-report.ts';
import { comparedInWords, valuesInWords } from './words.ts';

/** Pixels. */
const strip = { width: 180, row: 11, pad: 6 };

const fills: Record<Side, string> = {
  before: 'var(--series-a)',
  mixed: 'var(--series-b)',
  after: 'var(--series-c)',
};

export const figuresStyle = `
.strip { display: block; } .strip line { stroke: var(--grid); } .figures td:nth-child(2) { min-width: 186px; }
.figures .differs { font-weight: 600; } .figures .legend { margin-left: 0; } .figures i { position: static; display: inline-block; width: 11px; height: 11px; border-radius: 50%; vertical-align: -1px; }
.figures td:first-child { min-width: 24ch; }
`;

/** Election time, unavailability and latency of the three sides beside each other, with every repetition as a dot. */
export function figuresSection({ figures, asked }: UpgradeReport): Html {
  const { from, to } = asked;
  const names: Record<Side, string> = { before: from, mixed: 'both', after: to };
  const columns = [
    { name: 'time' },
    { name: 'every repetition, from 0' },
    ...sides.map((side) => ({ name: names[side], numeric: true })),
  ];
  const heading = html`<section class="figures" aria-labelledby="figures-h"><h2 id="figures-h">Times, beside each other</h2>`;
  if (figures.every(({ values }) => sides.every((side) => values[side].length === 0)))
    return html`${heading}<p>Not measured: nothing that is timed was tried.</p></section>`;
  return html`${heading}
<p class="muted">Each value is the middle of one repetition; in brackets the least and the most. A difference is called one only when all repetitions of one side are beyond all of the other, by more than repetitions of one and the same thing differ (the noise).</p>
<p class="legend">${sides.map((side) => html`<span><i style="background:${fills[side]}"></i> ${names[side]}</span> `)}</p>
${table(
  'Times, beside each other',
  columns,
  figures.map((row) => cellsOf(row, from)),
)}
</section>
`;
}

function cellsOf(row: FigureRow, from: string): Part[] {
  const { words, values, mixed, after } = row;
  return [
    words,
    dots(row),
    valuesInWords(values.before, after.before),
    html`${valuesInWords(values.mixed, mixed.after)}${said(mixed, from)}`,
    html`${valuesInWords(values.after, after.after)}${said(after, from)}`,
  ];
}

function said(compared: FigureRow['after'], from: string): Html | false {
  if (compared.after === undefined) return false;
  const differs = compared.verdict === 'more' || compared.verdict === 'less';
  const kind = differs ? 'differs' : 'muted';
  return html`<br><span class="${kind}">${comparedInWords(compared)}${differs && ` than ${from}`}</span>`;
}

function dots({ words, values }: FigureRow): Html {
  const most = Math.max(...sides.flatMap((side) => values[side]), Number.MIN_VALUE);
  const x = (ms: number) => (strip.pad + (ms / most) * (strip.width - 2 * strip.pad)).toFixed(1);
  const height = sides.length * strip.row + 2;
  const rows = sides.map((side, i) => {
    const y = i * strip.row + strip.row / 2 + 1;
    const marks = values[side].map(
      (ms) => html`<circle cx="${x(ms)}" cy="${y}" r="4" fill-opacity=".75" style="fill:${fills[side]}"/>`,
    );
    return html`<line x1="${strip.pad}" x2="${strip.width - strip.pad}" y1="${y}" y2="${y}"/>${marks}`;
  });
  return html`<svg class="strip" width="${strip.width}" height="${height}" role="img" aria-label="${words}: every repetition; the columns beside have the values">${rows}</svg>`;
}
