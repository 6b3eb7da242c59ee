import type { History } from '../history/history.ts';
import { formatZxid, type Op } from '../history/op.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { faultSpans } from '../rule/fault-spans.ts';
import type { JournalEntry } from '../run/journal-entry.ts';
import { nodeName } from '../topology/topology.ts';

/** What a trace shows; a scenario that was never judged has no ledger. */
export interface Traced {
  history: History;
  journal: readonly JournalEntry[];
  ledger: Ledger | undefined;
}

/** A bar in the picture. Bars of a track never overlap: those that would are put on further tracks of the same name. */
interface Slice {
  track: string;
  name: string;
  fromNs: number;
  toNs: number;
  /** A colour name of the trace viewer. */
  colour?: string;
  args: Record<string, unknown>;
}

/** Groups of tracks, from top to bottom; a group is a process of the trace. */
const groups: readonly { name: string; slices(traced: Traced): Slice[] }[] = [
  { name: 'scenario', slices: phaseSlices },
  { name: 'faults', slices: faultSlices },
  { name: 'leadership', slices: reignSlices },
  { name: 'servers', slices: roleSlices },
  { name: 'sessions', slices: operationSlices },
];

/** A trace in the JSON of Chrome's trace viewer, which ui.perfetto.dev opens ("Trace Event Format"). Times are µs. */
export function* perfettoLines(traced: Traced): Iterable<string> {
  yield '{"displayTimeUnit": "ms", "traceEvents": [';
  let comma = '';
  for (const [i, { name, slices }] of groups.entries()) {
    for (const event of groupEvents(i + 1, name, slices(traced))) {
      yield `${comma}${JSON.stringify(event)}`;
      comma = ',';
    }
  }
  yield ']}';
}

function* groupEvents(pid: number, group: string, slices: readonly Slice[]): Iterable<object> {
  const named = (tid: number, kind: 'process' | 'thread', name: string, index: number) => [
    { ph: 'M', pid, tid, name: `${kind}_name`, args: { name } },
    { ph: 'M', pid, tid, name: `${kind}_sort_index`, args: { sort_index: index } },
  ];
  yield* named(0, 'process', group, pid);
  let tid = 0;
  for (const [track, own] of byTrack(slices)) {
    for (const lane of lanesOf(own)) {
      yield* named(++tid, 'thread', track, tid);
      for (const slice of lane) yield sliceEvent(pid, tid, group, slice);
    }
  }
}

function sliceEvent(pid: number, tid: number, cat: string, slice: Slice): object {
  const { name, fromNs, toNs, colour, args } = slice;
  const times = { ts: fromNs / 1000, dur: (toNs - fromNs) / 1000 };
  return { ph: 'X', pid, tid, cat, name, ...times, ...(colour && { cname: colour }), args };
}

/** Slices in order of time, on as many lanes as are ever on the way at once. */
function lanesOf(slices: readonly Slice[]): Slice[][] {
  const lanes: Slice[][] = [];
  for (const slice of [...slices].sort((a, b) => a.fromNs - b.fromNs || a.toNs - b.toNs)) {
    const free = lanes.find((lane) => lane.at(-1)!.toNs <= slice.fromNs);
    if (free) free.push(slice);
    else lanes.push([slice]);
  }
  return lanes;
}

function byTrack(slices: readonly Slice[]): Map<string, Slice[]> {
  const tracks = new Map<string, Slice[]>();
  for (const slice of slices) {
    const own = tracks.get(slice.track);
    if (own) own.push(slice);
    else tracks.set(slice.track, [slice]);
  }
  return tracks;
}

/** The last moment anything is known of. */
function endOf({ history, journal }: Traced): number {
  const last = journal.at(-1)?.atNs ?? 0;
  return history.returnedNs.reduce((latest, ns) => Math.max(latest, ns), last);
}

function phaseSlices(traced: Traced): Slice[] {
  const phases = traced.journal.filter((entry) => entry.kind === 'phase');
  return phases.map(({ phase, atNs }, i) => ({
    track: 'phases',
    name: phase,
    fromNs: atNs,
    toNs: phases[i + 1]?.atNs ?? Math.max(atNs, endOf(traced)),
    args: {},
  }));
}

function faultSlices(traced: Traced): Slice[] {
  const end = endOf(traced);
  return faultSpans(traced.journal).map((span) => {
    const { fault, victims, intentNs, landedNs, healedNs, missed, stuck } = span;
    const from = landedNs ?? intentNs ?? span.healingNs ?? end;
    return {
      track: 'faults',
      name: [fault, ...victims.map(nodeName)].join(' '),
      fromNs: from,
      toNs: Math.max(from, missed === undefined ? (healedNs ?? end) : from),
      colour: missed === undefined && stuck === undefined ? 'bad' : 'terrible',
      args: {
        step: span.step,
        announcedNs: intentNs,
        healingNs: span.healingNs,
        missed,
        stuck,
        cuts: span.cuts,
      },
    };
  });
}

function reignSlices(traced: Traced): Slice[] {
  const end = endOf(traced);
  return (traced.ledger?.reigns ?? []).map(
    ({ epoch, leader, establishedNs, endedNs, endedBecause, supporters }) => ({
      track: 'leader',
      name: `${nodeName(leader)} leads epoch ${epoch}`,
      fromNs: establishedNs,
      toNs: Math.max(establishedNs, endedNs ?? end),
      colour: 'good',
      args: { epoch, supporters: supporters.map(nodeName), endedBecause },
    }),
  );
}

const roleColours: Partial<Record<string, string>> = { LEADING: 'good', LOOKING: 'yellow', DOWN: 'terrible' };

function roleSlices({ ledger }: Traced): Slice[] {
  return (ledger?.spans ?? []).map(({ sid, state, fromNs, toNs }) => ({
    track: nodeName(sid),
    name: state,
    fromNs,
    toNs: Math.max(fromNs, toNs),
    ...(roleColours[state] && { colour: roleColours[state] }),
    args: {},
  }));
}

const outcomeColours: Partial<Record<Op['outcome'], string>> = {
  fail: 'bad',
  unknown: 'terrible',
  notSent: 'grey',
};

function operationSlices({ history }: Traced): Slice[] {
  return Array.from({ length: history.length }, (_, row) => {
    const { session, kind, path, outcome, error, zxid, server, xid, value, result, version, ...op } =
      history.op(row);
    const colour = outcomeColours[outcome];
    return {
      track: `session ${session}`,
      name: `${kind} ${path}`.trim(),
      fromNs: op.invokedNs,
      toNs: Math.max(op.invokedNs, op.returnedNs),
      ...(colour && { colour }),
      args: {
        outcome,
        ...(error !== 0 && { error }),
        ...(zxid > 0 && { zxid: formatZxid(zxid) }),
        ...(server > 0 && { server: nodeName(server) }),
        ...(xid > 0 && { xid }),
        ...(version >= 0 && { version }),
        ...(value !== null && { value }),
        ...(result !== null && result !== path && { result }),
        ...(op.stat !== null && { mzxid: formatZxid(op.stat.mzxid), statVersion: op.stat.version }),
      },
    };
  });
}
