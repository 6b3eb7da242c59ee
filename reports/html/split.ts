import { nodeName } from '../../harness/topology/topology.ts';
import { count, duration, plural, seconds } from '../format.ts';
import type { ScenarioReport } from '../report.ts';
import type { Answers, Side, Split } from '../split.ts';
import { type Html, html, type Part } from './html.ts';
import { bar, lane } from './lane.ts';
import { moment, relative, section } from './parts.ts';

const ableWords = {
  yes: 'a quorum in reach',
  no: 'no quorum in reach',
  unknown: 'a quorum perhaps in reach',
};
const names = (sids: readonly number[]) => sids.map(nodeName).join(', ');

/** A picture over time for every fault that took servers from one another: who led, who could commit, what clients got. */
export function splitSection(scenario: ScenarioReport): Html | undefined {
  if (scenario.splits.length === 0) return undefined;
  const every = [...new Set(scenario.splits.map(({ bucketMs }) => duration(bucketMs)))].join(' or ');
  return section(
    scenario,
    'split',
    'Split brain?',
    html`${scenario.splits.map(
      (
        split,
      ) => html`<h4>${split.fault} of ${names(split.victims)}, ${moment(scenario, split.landedNs, split.healedNs)}</h4>
<ul>${inWords(split).map((words) => html`<li>${words}</li>`)}</ul>
${picture(split)}`,
    )}
<p class="legend">${(['yes', 'no', 'unknown'] as const).map((able) => html`<span><i class="bar able-${able}" aria-hidden="true"></i> ${ableWords[able]}</span>`)}<span><i class="bar acked" aria-hidden="true"></i> writes acknowledged</span><span><i class="bar answered" aria-hidden="true"></i> reads, and refusals such as BadVersion</span><span><i class="bar denied" aria-hidden="true"></i> denied: no service, no answer or no connection</span><span>a column every ${every}</span></p>`,
  );
}

function inWords(split: Split): string[] {
  const { landedNs, healingNs, sides, overlaps } = split;
  const cut = `Proved to be cut for ${duration((healingNs - landedNs) / 1e6)}, from ${seconds(landedNs)} to ${seconds(healingNs)}.`;
  return [
    cut,
    ...(overlaps.length > 0
      ? overlaps.map((overlap) => overlapInWords(overlap, split.noticeMs))
      : [oneAtATime]),
    ...sides.map(sideInWords),
  ];
}

const oneAtATime = 'At no moment here did two servers call themselves LEADING, by their own logs.';

function overlapInWords({ fromNs, toNs, leaders }: Split['overlaps'][number], noticeMs: number): string {
  const [a, b] = leaders.map(({ sid, epoch }) =>
    epoch === undefined ? `${nodeName(sid)} (in no epoch yet)` : `${nodeName(sid)} (epoch ${epoch})`,
  );
  const same = leaders[0].epoch !== undefined && leaders[0].epoch === leaders[1].epoch;
  const law = same
    ? 'in one epoch: that must never be'
    : `a leader may take (syncLimit + 1) × tickTime, here ${duration(noticeMs)}, to notice that it lost its quorum; what it acknowledged meanwhile stands below`;
  return `${a} and ${b} both called themselves LEADING for ${duration((toNs - fromNs) / 1e6)}, from ${seconds(fromNs)} to ${seconds(toNs)}; ${law}.`;
}

function sideInWords({ sids, quorum, seen, lastAckNs }: Side): string {
  const last = lastAckNs === undefined ? '' : `, the last write at ${seconds(lastAckNs)}`;
  const got = `${plural(seen.acked, 'write')} acknowledged${last}; ${plural(seen.answered, 'other answer')}; ${count(seen.denied)} denied service`;
  return `${names(sids)}, ${quorum ? 'with' : 'without'} a quorum. Clients there meanwhile: ${got}.`;
}

function picture(split: Split): Html {
  const { fromNs, toNs, sides } = split;
  const most = Math.max(
    1,
    ...sides.flatMap(({ servers }) => servers.flatMap(({ buckets }) => buckets.map(total))),
  );
  return html`<div class="split" style="--t0:${relative(fromNs)};--t1:${relative(toNs)}">
<div class="lanes still">
<div class="bands" aria-hidden="true"><div class="track"><span class="band" style="--a:${relative(split.landedNs)};--b:${relative(split.healingNs)}"></span></div></div>
${cutLane(split)}
${overlapLane(split)}
${sides.map((side) => [html`<p class="side">${side.quorum ? 'with' : 'without'} a quorum</p>`, side.servers.map((server) => serverLanes(server, split, most))])}
${axis(split)}
</div></div>
`;
}

function cutLane({ fault, intentNs, landedNs, healingNs, healedNs }: Split): Html {
  return lane('cut', 'The cut', [
    bar(relative(intentNs), relative(landedNs), 'fault open', 'being cut'),
    bar(relative(landedNs), relative(healingNs), 'fault', `${fault}, proved`),
    bar(relative(healingNs), relative(healedNs), 'fault open', 'healing'),
  ]);
}

function overlapLane({ overlaps }: Split): Part {
  const bars = overlaps.map(({ fromNs, toNs, leaders }) =>
    bar(relative(fromNs), relative(toNs), 'outage point', names(leaders.map(({ sid }) => sid))),
  );
  return bars.length > 0 && lane('both lead', 'Two servers call themselves LEADING', bars);
}

function serverLanes(
  { sid, spans, commit, buckets }: Side['servers'][number],
  split: Split,
  most: number,
): Part {
  const name = nodeName(sid);
  const roles = spans.map(({ state, epoch, fromNs, toNs }) =>
    bar(relative(fromNs), relative(toNs), state, epoch === undefined ? state : `${state} in epoch ${epoch}`),
  );
  const reach = commit.map(({ able, fromNs, toNs }) =>
    bar(relative(fromNs), relative(toNs), `able-${able}`, ableWords[able]),
  );
  return html`${lane(name, `${name}: what it said it was`, roles)}<div class="thin">${lane('', `${name}: whether it could commit`, reach)}</div>
<div class="lane clients"><span class="name" aria-hidden="true">clients</span>${clients(name, buckets, split, most)}</div>
`;
}

const total = ({ acked, answered, denied }: Answers) => acked + answered + denied;

/** Columns from the bottom: writes acknowledged, other answers, what was denied; all servers on one scale. */
function clients(name: string, buckets: readonly Answers[], split: Split, most: number): Html {
  const { fromNs, toNs, bucketMs } = split;
  const width = ((toNs - fromNs) / (bucketMs * 1e6)).toFixed(3);
  const base = {
    acked: () => 0,
    answered: ({ acked }: Answers) => acked,
    denied: ({ acked, answered }: Answers) => acked + answered,
  };
  const kinds = Object.keys(base) as (keyof Answers)[];
  const columns = (kind: keyof Answers) =>
    buckets.map((bucket, i) => {
      const height = bucket[kind];
      return height === 0 ? '' : `M${i} ${most - base[kind](bucket) - height}h1v${height}h-1z`;
    });
  const sum = (kind: keyof Answers) => count(buckets.reduce((all, bucket) => all + bucket[kind], 0));
  const label = `Clients of ${name}: ${sum('acked')} writes acknowledged, ${sum('answered')} other answers, ${sum('denied')} denied`;
  return html`<svg class="track" role="img" aria-label="${label}, in columns of ${duration(bucketMs)}" viewBox="0 0 ${width} ${most}" preserveAspectRatio="none">${kinds.map((kind) => html`<path class="${kind}" d="${columns(kind).join('')}"/>`)}</svg>`;
}

/** About six round numbers. */
function axis({ fromNs, toNs }: Split): Html {
  const [from, to] = [fromNs / 1e9, toNs / 1e9];
  const step = [0.5, 1, 2, 5, 10, 20, 60].find((each) => (to - from) / each <= 12) ?? (to - from) / 6;
  const first = Math.ceil(from / step);
  const ticks = Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(6)),
  );
  return html`<div class="lane axis" aria-hidden="true"><span class="name"></span><div class="track">${ticks.map((t) => html`<span class="tick" style="--a:${t}">${t} s</span>`)}</div></div>`;
}
