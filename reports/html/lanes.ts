import { nodeName } from '../../harness/topology/topology.ts';
import { type FaultWindow, victimsInWords } from '../faults.ts';
import { mostDetails } from '../finding-details.ts';
import { duration } from '../format.ts';
import type { Lane } from '../lanes.ts';
import { outageMs } from '../outages.ts';
import type { ScenarioReport } from '../report.ts';
import { brokerLanes } from './broker-lanes.ts';
import { type Html, html, type Part } from './html.ts';
import { bar, lane } from './lane.ts';
import { anchor, notRecorded, relative } from './parts.ts';

/**
 * Lanes are plain positioned elements: a bar knows its begin and end in seconds, the style sheet places it in the
 * window from --t0 to --t1. So they show without any script, print, and zoom by setting two numbers.
 */
export function lanes(scenario: ScenarioReport, end: number): Html {
  return html`<div class="lanes">
${bands(scenario)}
${faultLanes(scenario)}
${findingLane(scenario)}
${epochLane(scenario, end)}
${scenario.lanes.map((one) => serverLane(scenario, one))}
${scenario.traffic && outageLane(scenario, end)}
${brokerLanes(scenario)}
<div class="lane axis" aria-hidden="true"><span class="name"></span><div class="track">${ticks(end).map((t) => html`<span class="tick" style="--a:${t}">${t} s</span>`)}</div></div>
<div class="cursor" hidden><span></span></div><div class="chosen" hidden></div>
</div>`;
}

const empty = (text: Part) => html`<li class="empty muted">${text}</li>`;

function serverLane(scenario: ScenarioReport, { sid, source, spans }: Lane): Html {
  const kind = scenario.scenario?.topology.nodes.find((node) => node.sid === sid)?.kind;
  const label = `${nodeName(sid)}${kind ? `, ${kind}` : ''}, roles from ${source}`;
  const bars = spans.map(({ state, fromNs, toNs }) =>
    bar(relative(fromNs), relative(toNs), state, state, ` (from ${source})`),
  );
  return lane(nodeName(sid), label, bars.length > 0 ? bars : empty(notRecorded));
}

function epochLane(scenario: ScenarioReport, end: number): Html {
  const bars = scenario.reigns.map(({ epoch, leader, establishedNs, endedNs }) => {
    const to = endedNs === undefined ? end : relative(endedNs);
    return bar(relative(establishedNs), to, 'reign', `epoch ${epoch}: ${nodeName(leader)}`);
  });
  return lane('epochs', 'Leaders by epoch', bars.length > 0 ? bars : empty(notRecorded));
}

/** Faults that overlap in time lie in lanes of their own. */
function faultLanes(scenario: ScenarioReport): Part {
  const rows: FaultWindow[][] = [];
  for (const fault of scenario.faults) {
    const free = rows.find((row) => endOf(scenario, row.at(-1)!) < fault.intentNs);
    if (free) free.push(fault);
    else rows.push([fault]);
  }
  if (rows.length === 0) return lane('faults', 'Faults', empty('none'));
  return rows.map((row, i) =>
    lane(
      i === 0 ? 'faults' : '',
      'Faults',
      row.map((fault) => {
        const state = fault.state === 'healed' ? '' : ` (${fault.state})`;
        const point = fault.landedNs === undefined ? 'point' : '';
        return bar(
          ...spanOf(scenario, fault),
          `fault ${fault.state} ${point}`,
          `${fault.fault} ${victimsInWords(fault)}${state}`,
        );
      }),
    ),
  );
}

const endOf = (scenario: ScenarioReport, fault: FaultWindow) =>
  fault.landedNs === undefined ? fault.intentNs : (fault.healedNs ?? scenario.endNs);

const spanOf = (scenario: ScenarioReport, fault: FaultWindow): [number, number] => [
  relative(fault.landedNs ?? fault.intentNs),
  relative(endOf(scenario, fault)),
];

/** Shading behind all lanes while a fault is in force. */
function bands(scenario: ScenarioReport): Html {
  const spans = scenario.faults
    .filter((fault) => fault.landedNs !== undefined)
    .map((fault) => spanOf(scenario, fault));
  return html`<div class="bands" aria-hidden="true"><div class="track">${spans.map(([from, to]) => html`<span class="band" style="--a:${from};--b:${to}"></span>`)}</div></div>`;
}

/** One numbered mark a finding, which leads to its words. */
function findingLane(scenario: ScenarioReport): Part {
  const marks = scenario.findings.slice(0, mostDetails).map(({ finding }, i) => {
    const at = relative(finding.atNs);
    const href = `#${anchor(scenario, `finding-${i + 1}`)}`;
    return html`<li class="bar mark point" style="--a:${at};--b:${at}"><span><a href="${href}" title="${finding.title}"><span aria-hidden="true">◆</span>${i + 1}<span class="hidden"> ${finding.title}</span></a></span></li>`;
  });
  return marks.length > 0 && lane('findings', 'Findings', marks);
}

function outageLane(scenario: ScenarioReport, end: number): Html {
  const bars = scenario.outages.map(({ fromNs, toNs, ended }) => {
    const to = relative(toNs);
    const side = to > end * 0.9 ? 'before' : 'after';
    const words = `${duration((toNs - fromNs) / 1e6)}${ended ? '' : ', not ended'}`;
    return bar(relative(fromNs), to, `outage point ${side}`, words);
  });
  const label = `No write acknowledged for more than ${outageMs} ms`;
  return lane('no writes', label, bars.length > 0 ? bars : empty(`never longer than ${outageMs} ms`));
}

/** About ten round numbers. */
function ticks(end: number): number[] {
  const step =
    [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].find((s) => end / s <= 14) ??
    end / 10;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}
