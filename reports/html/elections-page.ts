import type { RunMeta } from '../../harness/run/run-directory.ts';
import type { CauseStatistics, ElectionTimes } from '../election-times.ts';
import { winsInWords } from '../election-words.ts';
import { duration, plural } from '../format.ts';
import { htmlDocument } from './document.ts';
import { type Html, html } from './html.ts';
import { style } from './style.ts';

/** Pixels. */
const size = { width: 1080, row: 16, left: 96, right: 96, top: 8, bottom: 26 };

/** Parts of an election in the order in which they follow each other, with how they are drawn. */
const parts = [
  { key: 'noticedMs', name: 'noticing the loss', fill: 'var(--down2)' },
  { key: 'votingMs', name: 'election', fill: 'var(--series-a)' },
  { key: 'discoveryMs', name: 'discovery', fill: 'var(--series-b)' },
  { key: 'synchronizationMs', name: 'synchronization', fill: 'var(--series-c)' },
  { key: 'resumedMs', name: 'until a write is acknowledged', fill: 'var(--outage)' },
] as const satisfies { key: keyof ElectionTimes; name: string; fill: string }[];

const ownStyle = `
.elections svg { display: block; max-width: 100%; height: auto; } .elections text { font-size: 11.5px; fill: var(--muted); }
.elections .who { text-anchor: end; } .elections .grid { stroke: var(--grid); } .elections .floor { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 5 3; }
.elections .tick-name { text-anchor: middle; }
.legend .swatch { display: inline-block; width: 22px; height: 11px; vertical-align: -1px; } .legend { margin-left: 0; }
`;

/** elections.html: a bar for each election, from the loss of the leader to the first acknowledged write. Needs nothing else. */
export function renderElections(meta: RunMeta, all: readonly CauseStatistics[]): string {
  const most = Math.max(1, ...all.flatMap(({ elections }) => elections.map(({ totalMs }) => totalMs)));
  return htmlDocument({
    title: `elections: ${all.map(({ cause }) => cause).join(', ')}`,
    styles: [style, ownStyle],
    main: html`<main class="elections">
<h1>How long elections take</h1>
<p class="muted">ZooKeeper ${meta.zookeeper.join(', ')} · ${meta.backend} · ${plural(meta.host.cores, 'core')} · seed ${meta.seed} · ${meta.startedAt}</p>
<p><code>${meta.command}</code></p>
<p class="legend">${parts.map(({ name, fill }) => html`<span><span class="swatch" style="background:${fill}"></span> ${name}</span> `)}<span>dashed: the floor the servers' own code sets</span></p>
${all.map((each) => causeSection(each, most))}
</main>`,
  });
}

function causeSection(statistics: CauseStatistics, most: number): Html {
  const { cause, asked, elections, total, elected, floors } = statistics;
  const heading = html`<h2>${cause}: ${elections.length} of ${plural(asked, 'election')} measured</h2>`;
  if (!total || !elected) return heading;
  const rows = [
    [
      'from the loss of the leader to the first acknowledged write',
      total,
      floors.noticedMs + floors.votingMs,
    ],
    ['election: first LOOKING to quorum of supporters', elected, floors.votingMs],
  ] as const;
  return html`${heading}
<div class="scroll"><table>
<thead><tr><th scope="col">time</th>${['least', 'median', '9 of 10 within', 'most', 'floor'].map((name) => html`<th scope="col" class="num">${name}</th>`)}</tr></thead>
<tbody>${rows.map(([name, { min, median, p90, max }, floor]) => html`<tr><td>${name}</td>${[min, median, p90, max, floor].map((ms) => html`<td class="num">${duration(ms)}</td>`)}</tr>`)}</tbody>
</table></div>
<p>Floor: ${floors.noticedMs > 0 && html`the others notice by the read timeout of syncLimit ticks, less half a tick (Learner.syncWithLeader, Leader.lead), ${duration(floors.noticedMs)}; `}a vote is settled ${duration(floors.votingMs)} after the last better one (FastLeaderElection.finalizeWait).</p>
<p>Won by ${winsInWords(statistics)}.</p>
${bars(statistics, most)}
${surprises(elections)}`;
}

/** Sorted by length, so that the row of bars is the distribution. */
function bars({ cause, elections, floors }: CauseStatistics, most: number): Html {
  const sorted = [...elections].sort((a, b) => a.totalMs - b.totalMs);
  const height = size.top + sorted.length * size.row;
  const scale = (ms: number) => (ms / most) * (size.width - size.left - size.right);
  const x = (ms: number) => (size.left + scale(ms)).toFixed(1);
  const stepMs = [50, 100, 200, 500, 1000, 2000, 5000, 10_000].find((step) => most / step <= 12) ?? most;
  const ticks = Array.from({ length: Math.floor(most / stepMs) + 1 }, (_, i) => i * stepMs);
  const floorMs = floors.noticedMs + floors.votingMs;
  const rows = sorted.map((election, i) => {
    const y = size.top + i * size.row;
    let fromMs = 0;
    const segments = parts.map(({ key, name, fill }) => {
      const ms = election[key];
      const at = x(fromMs);
      fromMs += ms;
      return html`<rect x="${at}" y="${y + 2}" width="${scale(ms).toFixed(1)}" height="${size.row - 4}" style="fill:${fill}"><title>${name} ${duration(ms)}</title></rect>`;
    });
    return html`<text class="who" x="${size.left - 8}" y="${y + 12}">zk${election.winner}, epoch ${election.epoch}</text>${segments}<text x="${Number(x(fromMs)) + 6}" y="${y + 12}">${duration(election.totalMs)}</text>
`;
  });
  return html`<figure class="chart"><svg viewBox="0 0 ${size.width} ${height + size.bottom}" width="${size.width}" height="${height + size.bottom}" role="img" aria-label="${cause}: each election by its parts; the table above has the distribution">
${ticks.map((ms) => html`<line class="grid" x1="${x(ms)}" x2="${x(ms)}" y1="${size.top}" y2="${height}"/><text class="tick-name" x="${x(ms)}" y="${height + 16}">${duration(ms)}</text>`)}
${rows}<line class="floor" x1="${x(floorMs)}" x2="${x(floorMs)}" y1="0" y2="${height + 4}"/>
</svg></figure>`;
}

function surprises(elections: readonly ElectionTimes[]): Html | false {
  const told = elections.filter(({ surprise }) => surprise !== undefined);
  if (told.length === 0) return false;
  return html`<details><summary>${plural(told.length, 'election')} in which somebody better took part and lost, lawfully</summary>
<ul>${told.map(({ scenario, epoch, surprise }) => html`<li>${scenario}, epoch ${epoch}: ${surprise}</li>`)}</ul></details>`;
}
