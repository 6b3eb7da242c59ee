import type { ClaimVerdict } from '../../harness/run/claim-table.ts';
import { seconds } from '../format.ts';
import type { ScenarioReport } from '../report.ts';
import { meanings, signs } from '../signs.ts';
import { type Html, html, type Part } from './html.ts';

/** Small pieces that every section uses. */

export function badge(verdict: ClaimVerdict): Html {
  return html`<span class="badge ${verdict.replace(' ', '-')}" title="${meanings[verdict]}"><span aria-hidden="true">${signs[verdict]}</span> ${verdict}</span>`;
}

export interface Column {
  name: string;
  numeric?: boolean;
}

/** A table that scrolls by itself in a narrow window, by keyboard too. */
export function table(label: string, columns: readonly Column[], rows: readonly (readonly Part[])[]): Html {
  const kind = (i: number) => (columns[i]?.numeric ? html` class="num"` : undefined);
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${columns.map(({ name }, i) => html`<th scope="col"${kind(i)}>${name}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, i) => html`<td${kind(i)}>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}

export const anchor = (scenario: ScenarioReport, part?: string) =>
  `s-${scenario.slug}${part === undefined ? '' : `-${part}`}`;

/** A moment of a scenario; the page's script shows it on the timeline. */
export function moment(scenario: ScenarioReport, ns: number, toNs = ns): Html {
  const at = relative(ns);
  return html`<a class="moment" href="#${anchor(scenario, 'timeline')}" data-from="${at}" data-to="${relative(toNs)}">${seconds(ns)}</a>`;
}

/** Seconds since the scenario began, to the millisecond: the unit of everything on the timeline. */
export function relative(ns: number): number {
  return Math.round(ns / 1e6) / 1000;
}

export const notRecorded = html`<span class="muted">not recorded</span>`;
export const none = html`<span class="muted">–</span>`;

/** A section of a scenario, with a heading that can be linked to. */
export function section(scenario: ScenarioReport, part: string, title: string, body: Part): Html {
  return html`<section id="${anchor(scenario, part)}" aria-labelledby="${anchor(scenario, `${part}-h`)}">
<h3 id="${anchor(scenario, `${part}-h`)}">${title}</h3>
${body}
</section>
`;
}

/** To a file of the run, from the report, which lies at the top of its directory. */
export const relativeLink = (path: string) => path.split('/').map(encodeURIComponent).join('/');
