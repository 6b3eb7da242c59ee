import { formatZxid, type Op } from '../../harness/history/op.ts';
import { nodeName } from '../../harness/topology/topology.ts';
import { landed, type ScenarioReport } from '../report.ts';
import { opInWords } from '../words.ts';
import { type Html, html } from './html.ts';
import { relative } from './parts.ts';

/** More bars than this are a picture of nothing; the table has them all. */
const mostBars = 40;
/** Pixels. The names of the operations stand right of the plot, their zxids left of it. */
const size = { width: 1080, row: 20, left: 120, right: 470, bottom: 24, barMin: 4 };

/**
 * Time against zxid: every operation has a row, in order of the zxid its answer carried, the highest on top; its bar runs
 * from request to answer. A ring marks the update whose data an answer showed. In a correct history an operation that
 * began after another had ended is never below it, if it is an update or follows in the same session.
 */
export function corePlot(scenario: ScenarioReport, named: readonly Op[], core: readonly Op[]): Html {
  const isNamed = new Set(named.map(identity));
  const ops = mostTelling(core, isNamed).sort((a, b) => b.zxid - a.zxid || b.invokedNs - a.invokedNs);
  const from = Math.min(...ops.map(({ invokedNs }) => invokedNs));
  const to = Math.max(...ops.map(({ returnedNs }) => returnedNs));
  const span = Math.max(1, to - from);
  const plotWidth = size.width - size.left - size.right;
  const x = (ns: number) =>
    Math.round(size.left + ((Math.min(to, Math.max(from, ns)) - from) / span) * plotWidth);
  const middle = (row: number) => row * size.row + size.row / 2;
  const end = ops.length * size.row;

  const faults = landed(scenario.faults)
    .map(({ fault, landedNs, healedNs }) => ({ fault, begin: landedNs!, end: healedNs ?? scenario.endNs }))
    .filter((fault) => fault.begin < to && fault.end > from);
  const shading = faults.map(
    ({ fault, begin, end: healed }) =>
      html`<rect class="open-fault" x="${x(begin)}" y="0" width="${Math.max(1, x(healed) - x(begin))}" height="${end}"><title>${fault}</title></rect>`,
  );
  const rows = ops.map((op, row) => {
    const kind = isNamed.has(identity(op)) ? 'named' : 'other';
    const seen =
      op.stat && op.stat.mzxid !== op.zxid ? ops.findIndex(({ zxid }) => zxid === op.stat!.mzxid) : -1;
    const width = Math.max(size.barMin, x(op.returnedNs) - x(op.invokedNs));
    return html`<line class="level" x1="${size.left}" x2="${size.width - size.right}" y1="${middle(row)}" y2="${middle(row)}"/>
<text class="zxid" x="${size.left - 8}" y="${middle(row) + 4}">${op.zxid === 0 ? 'none' : formatZxid(op.zxid)}</text>
<rect class="op ${kind}" x="${x(op.invokedNs)}" y="${middle(row) - 6}" width="${width}" height="12"/>
${seen >= 0 && html`<circle class="seen" cx="${x(op.returnedNs)}" cy="${middle(seen)}" r="4"/>`}<text class="what ${kind}" x="${size.width - size.right + 8}" y="${middle(row) + 4}">${told(op)}</text>
`;
  });
  const left = core.length - ops.length;
  return html`<figure class="core"><svg viewBox="0 0 ${size.width} ${end + size.bottom}" width="${size.width}" height="${end + size.bottom}" role="img" aria-label="Operations by time and zxid; the table below says the same">
${shading}${rows}<text class="time" x="${size.left}" y="${end + 16}">${relative(from)} s</text><text class="time end" x="${size.width - size.right}" y="${end + 16}">${relative(to)} s</text>
</svg><figcaption class="muted">Time to the right, zxid upwards; a ring is the update whose data an answer showed; shaded: a fault is open.${left > 0 && ` ${left} more operations are in the table.`}</figcaption></figure>`;
}

const identity = (op: Op) => `${op.session} ${op.xid} ${op.invokedNs}`;

/** The operations of the finding, then the others nearest to the end: what led up to it. */
function mostTelling(core: readonly Op[], named: ReadonlySet<string>): Op[] {
  const rest = core.filter((op) => !named.has(identity(op)));
  const room = Math.max(0, mostBars - (core.length - rest.length));
  return [...core.filter((op) => named.has(identity(op))), ...(room > 0 ? rest.slice(-room) : [])];
}

function told(op: Op): string {
  const { request, answer } = opInWords(op);
  const on = op.server === 0 ? '' : ` on ${nodeName(op.server)}`;
  const text = `session ${op.session}${on}: ${request} → ${answer}`;
  return text.length > 78 ? `${text.slice(0, 77)}…` : text;
}
