import { count, duration, utc } from '../format.ts';
import type { ScenarioReport } from '../report.ts';
import { chartData } from './chart-data.ts';
import { type Html, html, json } from './html.ts';
import { lanes } from './lanes.ts';
import { anchor, notRecorded, relative, section } from './parts.ts';

/** What servers were and what clients saw, on one axis of time. */
export function timelineSection(scenario: ScenarioReport): Html | undefined {
  const { journal, traffic } = scenario;
  if (journal.length === 0 && scenario.lanes.length === 0 && !traffic) return undefined;
  const end = Math.max(0.001, relative(scenario.endNs));
  return section(
    scenario,
    'timeline',
    'Timeline',
    html`<p class="bench"><span class="muted">Seconds since ${utc(scenario.startedAt)}. Drag to zoom, double-click for all.</span> ${tools(end)}</p>
<div class="timeline" style="--t0:0;--t1:${end}">
${lanes(scenario, end)}
${legend(scenario)}
${traffic ? charts(scenario) : html`<p>Client operations: ${notRecorded}</p>`}
<script type="application/json" class="data">${json(chartData(scenario, end))}</script>
</div>`,
  );
}

const zooms = { in: 'zoom in', out: 'zoom out', earlier: 'earlier', later: 'later', all: 'all' };

function tools(end: number): Html {
  const buttons = Object.entries(zooms).map(
    ([how, words]) => html`<button type="button" data-zoom="${how}">${words}</button>`,
  );
  return html`<span class="tools" role="group" aria-label="Zoom of the timeline">${buttons}<output class="window">0.00 s – ${end.toFixed(2)} s</output></span>`;
}

function legend(scenario: ScenarioReport): Html {
  const states = new Set(scenario.lanes.flatMap(({ spans }) => spans.map(({ state }) => state)));
  return html`<p class="legend">${[...states].map((state) => html`<span><i class="bar ${state}" aria-hidden="true"></i> ${state}</span>`)}<span><i class="band" aria-hidden="true"></i> a fault is in force</span><span><i class="bar outage" aria-hidden="true"></i> no write acknowledged though one was waiting</span>${scenario.brokers && html`<span><i class="bar led" aria-hidden="true"></i> who leads a partition</span>`}</p>`;
}

function charts(scenario: ScenarioReport): Html {
  const { totals, bucketMs } = scenario.traffic!;
  const every = duration(bucketMs);
  const latency = `by time of request, every ${every}, log scale`;
  const names: [id: string, name: string, about: string][] = [
    [
      'rate',
      'Done',
      `operations a second by time of answer, every ${every}; ${count(totals.reads)} reads, ${count(totals.writes)} writes`,
    ],
    [
      'errors',
      'Not done',
      `operations a second, every ${every}; ${count(totals.refused)} refused, ${count(totals.unknown)} without answer, ${count(totals.notSent)} never sent`,
    ],
    ['writes', 'Write latency', latency],
    ['reads', 'Read latency', latency],
  ];
  return html`${names.map(([id, name, about]) => {
    const label = anchor(scenario, `chart-${id}`);
    return html`<figure class="chart" aria-labelledby="${label}"><figcaption id="${label}"><b>${name}</b> <span class="muted">${about}</span></figcaption><div data-chart="${id}"></div></figure>
`;
  })}<noscript><p>The charts need JavaScript; lanes and tables do not.</p></noscript>`;
}
