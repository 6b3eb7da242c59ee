import { type CoverageTable, coverageInWords } from '../coverage.ts';
import type { RunReport } from '../report.ts';
import { type Html, html } from './html.ts';
import { none, table } from './parts.ts';

/** What this night has tried, and what all nights have. */
export function coverageSection({ coverage }: RunReport): Html | undefined {
  if (!coverage) return undefined;
  return html`<section id="coverage" aria-labelledby="coverage-h">
<h2 id="coverage-h">Coverage</h2>
<p>${coverageInWords(coverage)}.</p>
<p class="muted">Counted is what was seen: faults that landed, by the role each server had just before and the phase its log tells. Each cell: in this run, and in all nights with it.</p>
${coverage.tables.map(matrix)}
</section>
`;
}

function matrix({ names: [row, column], columns, rows }: CoverageTable): Html {
  const head = [{ name: row }, ...columns.map((name) => ({ name, numeric: true }))];
  const body = rows.map(({ name, cells }) => [
    name,
    ...cells.map(({ tonight, ever }) =>
      ever === 0
        ? none
        : html`${tonight > 0 ? html`<b>${tonight}</b>` : 0} <span class="muted">/ ${ever}</span>`,
    ),
  ]);
  return html`<h3>${row} × ${column}</h3>${table(`${row} by ${column}`, head, body)}`;
}
