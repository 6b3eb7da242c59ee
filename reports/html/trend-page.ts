import { duration, plural } from '../format.ts';
import { type Figure, figures, type Series } from '../trend.ts';
import { countsInWords, figureOf, when } from '../trend-words.ts';
import { htmlDocument } from './document.ts';
import { type Html, html } from './html.ts';
import { badge, none, table } from './parts.ts';
import { style } from './style.ts';

/** Pixels of a chart's own coordinates; the page scales them. */
const size = { width: 1000, height: 200, left: 64, right: 12, top: 22, bottom: 34 };

/** One chart each: the median, and what nine of ten do not exceed. */
const charts: readonly { title: string; median: Figure; p90: Figure }[] = [
  { title: 'election', median: 'electionMs', p90: 'electionP90Ms' },
  { title: 'no acknowledged write around an election', median: 'silentMs', p90: 'silentP90Ms' },
];

const ownStyle = `
.trend svg { display: block; width: 100%; max-width: 1000px; height: auto; margin: 4px 0 12px; } .trend svg text { font-size: 12px; fill: var(--muted); }
.trend .median { stroke: var(--series-a); fill: none; stroke-width: 2; } .trend .p90 { stroke: var(--series-b); fill: none; stroke-width: 1.5; stroke-dasharray: 5 3; }
.trend .dot { fill: var(--series-a); } .trend .dot.changed { fill: var(--fault); } .trend .grid { stroke: var(--grid); }
.trend .year { text-anchor: end; } .trend .key { display: inline-block; width: 22px; border-top: 2px solid var(--series-a); vertical-align: 3px; } .trend .key.p90 { border-top: 2px dashed var(--series-b); }
@media (max-width: 640px) { .trend svg text { font-size: 24px; } .trend svg { overflow: visible; } }
`;

/** One page that needs nothing else: a section for each series of nights that can be compared. */
export function renderTrend(series: readonly Series[]): string {
  return htmlDocument({
    title: `gauntlet trend: ${series.map(({ name }) => name).join('; ')}`,
    styles: [style, ownStyle],
    main: html`<main class="trend">
<h1>Nights over time</h1>
${series.map(seriesSection)}
</main>`,
  });
}

function seriesSection({ name, nights }: Series): Html {
  const columns = [
    { name: 'night (UTC)' },
    { name: 'verdict' },
    { name: 'what changed' },
    { name: 'scenarios' },
    ...Object.values(figures).map((each) => ({ name: each, numeric: true })),
    { name: 'seed', numeric: true },
  ];
  // The newest first: that is what somebody opens the page for.
  const rows = [...nights]
    .reverse()
    .map((night) => [
      html`<span title="${night.dir}">${when(night)}</span>`,
      badge(night.verdict),
      night.changes.length > 0 ? html`<b>${night.changes.join('; ')}</b>` : none,
      countsInWords(night),
      ...(Object.keys(figures) as Figure[]).map((figure) => figureOf(night, figure)),
      night.seed,
    ]);
  return html`<section>
<h2>${name}: ${plural(nights.length, 'night')}</h2>
<p class="muted"><span class="key"></span> median, <span class="key p90"></span> 9 of 10 within; a night that changed is marked in its colour and named below.</p>
${charts.map((chart) => chartOf(nights, chart))}
${table(name, columns, rows)}
</section>
`;
}

function chartOf(
  nights: Series['nights'],
  { title, median, p90 }: (typeof charts)[number],
): Html | undefined {
  const values = nights.flatMap(({ figures: each }) => [each[median] ?? [], each[p90] ?? []].flat());
  if (values.length === 0) return undefined;
  const most = Math.max(...values) * 1.05;
  const x = (i: number) => size.left + ((i + 0.5) / nights.length) * (size.width - size.left - size.right);
  const y = (ms: number) => size.height - size.bottom - (ms / most) * (size.height - size.top - size.bottom);
  const points = (figure: Figure) =>
    nights.flatMap(({ figures: each }, i) => {
      const ms = each[figure];
      return ms === undefined ? [] : [{ i, ms, at: `${x(i).toFixed(1)},${y(ms).toFixed(1)}` }];
    });
  const line = (figure: Figure) =>
    points(figure)
      .map(({ at }) => at)
      .join(' ');
  const dots = points(median).map(({ i, ms }) => {
    const night = nights[i]!;
    return html`<circle class="dot${night.changes.length > 0 && ' changed'}" cx="${x(i).toFixed(1)}" cy="${y(ms).toFixed(1)}" r="5"><title>${when(night)}: ${duration(ms)}, ${night.verdict}</title></circle>`;
  });
  const levels = [0, most / 2, most];
  return html`<h3>${title}</h3>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title} over time; the table below has the figures">
${levels.map((ms) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y(ms).toFixed(1)}" y2="${y(ms).toFixed(1)}"/><text x="0" y="${(y(ms) + 4).toFixed(1)}">${duration(ms)}</text>`)}
<polyline class="p90" points="${line(p90)}"/><polyline class="median" points="${line(median)}"/>${dots}
<text x="${size.left}" y="${size.height - 8}">${when(nights[0]!)}</text>${nights.length > 1 && html`<text class="year" x="${size.width - size.right}" y="${size.height - 8}">${when(nights.at(-1)!)}</text>`}
</svg>`;
}
