import { nodeName } from '../../harness/topology/topology.ts';
import { plural, seconds } from '../format.ts';
import type { LogWindow } from '../log-windows.ts';
import type { ScenarioReport } from '../report.ts';
import { type Html, html } from './html.ts';
import { moment } from './parts.ts';

/** One column a server, one row a line, in one order of time; in a narrow window every line names its server. */
export function logWindows(scenario: ScenarioReport, windows: readonly LogWindow[]): Html | false {
  if (windows.length === 0) return false;
  const when = windows.map(({ fromNs, toNs }) => seconds((fromNs + toNs) / 2)).join(', ');
  return html`<details><summary>what the servers logged around ${when}, side by side</summary>
${windows.map((window) => windowTable(scenario, window))}</details>`;
}

function windowTable(scenario: ScenarioReport, { what, fromNs, toNs, lines, left }: LogWindow): Html {
  const { sids } = scenario;
  const rows = lines.map(({ sid, atNs, text, bad }) => {
    const cells = sids.map((each) =>
      each === sid
        ? html`<td data-server="${nodeName(sid)}"${bad && html` class="bad"`}><code>${text}</code></td>`
        : html`<td></td>`,
    );
    return html`<tr><td>${moment(scenario, atNs)}</td>${cells}</tr>\n`;
  });
  const label = `Server logs from ${seconds(fromNs)} to ${seconds(toNs)}: ${what}`;
  return html`<div class="scroll logs" role="region" aria-label="${label}" tabindex="0"><table>
<caption>${seconds(fromNs)} to ${seconds(toNs)}: ${what}${left > 0 && html`; ${plural(left, 'line')} more in the logs`}</caption>
<thead><tr><th scope="col">at</th>${sids.map((sid) => html`<th scope="col">${nodeName(sid)}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;
}
