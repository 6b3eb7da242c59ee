import type { History } from '../harness/history/history.ts';
import { opKinds } from '../harness/history/op.ts';
import type { LeadingOverlap } from '../harness/ledger/leading-overlap.ts';
import { leadingOverlaps } from '../harness/ledger/leading-overlap.ts';
import type { Ledger } from '../harness/ledger/ledger.ts';
import { canCommit, pairOf, type Stretch, stretches } from '../harness/rule/connectivity.ts';
import { type FaultSpan, faultSpans } from '../harness/rule/fault-spans.ts';
import type { JournalEntry } from '../harness/run/journal-entry.ts';
import type { Topology } from '../harness/topology/topology.ts';
import { settingsOf } from '../harness/topology/zoo-cfg.ts';
import type { Lane } from './lanes.ts';
import { isRead, isWrite, outcomeIndex, phaseIndex } from './op-class.ts';
import { decidedErrors } from './outages.ts';

/** What happened around one fault that cut servers off from one another, by side and by server. */
export interface Split {
  step: number;
  fault: string;
  victims: number[];
  /** The stretch of time that the picture shows. */
  fromNs: number;
  toNs: number;
  bucketMs: number;
  /** The cut is proved from `landedNs` on; until `intentNs` it was not there, nor from `healedNs` on. */
  intentNs: number;
  landedNs: number;
  /** Where the journal does not tell, the end of the picture. */
  healingNs: number;
  healedNs: number;
  sides: Side[];
  /** What a leader may take to notice that its quorum is silent (Leader.java): (syncLimit + 1) × tickTime. */
  noticeMs: number;
  /** Two servers that say LEADING at once, as far as it lies in the picture. */
  overlaps: LeadingOverlap[];
}

/** Servers that reach one another as peers, directly or through others. */
export interface Side {
  sids: number[];
  /** Whether any of them could commit while the cut was proved. */
  quorum: boolean;
  /** Answers while the cut was proved. */
  seen: Answers;
  /** When the last write was acknowledged in that time; undefined when none was. */
  lastAckNs: number | undefined;
  servers: SplitServer[];
}

interface SplitServer {
  sid: number;
  spans: { state: string; epoch: number | undefined; fromNs: number; toNs: number }[];
  /** Whether it could lead a quorum, or hear a leader that did; `unknown` while its cut began or ended. */
  commit: { able: Able; fromNs: number; toNs: number }[];
  /** What its clients got, by time of answer, in buckets of the split's `bucketMs` from `fromNs` on. */
  buckets: Answers[];
}

type Able = 'yes' | 'no' | 'unknown';

export interface Answers {
  /** Writes acknowledged. */
  acked: number;
  /** Reads, and what was refused on its merits (NoNode, BadVersion). */
  answered: number;
  /** Refused because of the server's state, left without an answer, or not even connected. */
  denied: number;
}

/** Widths of a column that a reader can divide by; the finest that needs at most `mostBuckets`. */
const widthsMs = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const mostBuckets = 300;
const beforeNs = 1e9;
const afterNs = 3e9;
const connect = opKinds.indexOf('connect');

interface Recorded {
  topology: Topology;
  journal: readonly JournalEntry[];
  ledger: Ledger;
  lanes: readonly Lane[];
  history: History | undefined;
  /** Of the scenario. */
  endNs: number;
}

/** A picture a fault that landed and took peers from one another; cuts of clients or of elections alone split nobody. */
export function splitsOf(recorded: Recorded): Split[] {
  const journal = [...recorded.journal];
  const all = stretches({ journal, topology: recorded.topology });
  return faultSpans(journal).flatMap((span) => {
    const { landedNs, intentNs = landedNs } = span;
    if (landedNs === undefined || intentNs === undefined || !span.cuts.some(parts)) return [];
    const during = all.find(({ fromNs, toNs }) => fromNs <= landedNs && landedNs < toNs);
    return during ? splitOf({ ...span, landedNs, intentNs }, during, all, recorded) : [];
  });
}

const parts = ({ from, to, ports }: FaultSpan['cuts'][number]) =>
  from !== 'clients' && to !== 'clients' && (ports === 'all' || ports === 'quorum');

function splitOf(
  span: FaultSpan & { landedNs: number; intentNs: number },
  during: Stretch,
  all: readonly Stretch[],
  { topology, ledger, lanes, history, endNs }: Recorded,
): Split {
  const { step, fault, victims, landedNs, intentNs } = span;
  const healingNs = span.healingNs ?? endNs;
  const healedNs = span.healedNs ?? endNs;
  const fromNs = Math.max(0, intentNs - beforeNs);
  const toNs = Math.min(endNs, healedNs + afterNs);
  const spanMs = (toNs - fromNs) / 1e6;
  const bucketMs = widthsMs.find((width) => spanMs / width < mostBuckets) ?? spanMs / mostBuckets;
  const clipped = <T extends { fromNs: number; toNs: number }>(spans: readonly T[]): T[] =>
    spans
      .filter((each) => each.toNs > fromNs && each.fromNs < toNs)
      .map((each) => ({ ...each, fromNs: Math.max(fromNs, each.fromNs), toNs: Math.min(toNs, each.toNs) }));

  /** While a cut begins or ends the journal proves nothing of those whom it leaves without a quorum. */
  const commitOf = (sid: number): SplitServer['commit'] => {
    const harmed = !canCommit(topology, during, sid);
    const doubtful = ({ fromNs: at }: Stretch) =>
      harmed && ((at >= intentNs && at < landedNs) || (at >= healingNs && at < healedNs));
    const pieces = clipped(cutAt(all, [intentNs, landedNs, healingNs, healedNs]));
    return merged(
      pieces.map((piece) => {
        const able = canCommit(topology, piece, sid);
        return { ...piece, able: !able ? 'no' : doubtful(piece) ? 'unknown' : 'yes' };
      }),
    );
  };
  const serverOf = (sid: number): SplitServer => ({
    sid,
    spans: clipped(lanes.find((lane) => lane.sid === sid)?.spans ?? []).map((each) => ({
      ...each,
      epoch: each.state === 'LEADING' ? epochLed(ledger, sid, each) : undefined,
    })),
    commit: commitOf(sid),
    buckets: history ? bucketsOf(history, sid, fromNs, toNs, bucketMs) : [],
  });
  const sides = sidesOf(topology, during).map(
    (sids): Side => ({
      sids,
      quorum: sids.some((sid) => canCommit(topology, during, sid)),
      ...seenBy(history, sids, landedNs, healingNs),
      servers: sids.map(serverOf),
    }),
  );
  const { syncLimit, tickTime } = settingsOf(topology, topology.nodes[0]!.version);
  const noticeMs = (Number(syncLimit) + 1) * Number(tickTime);
  const overlaps = clipped(leadingOverlaps(ledger));
  return {
    step,
    fault,
    victims,
    fromNs,
    toNs,
    intentNs,
    landedNs,
    healingNs,
    healedNs,
    sides,
    bucketMs,
    noticeMs,
    overlaps,
  };
}

/** Components of what is left of the links; the side of the most servers last, as the one that goes on. */
function sidesOf({ nodes }: Topology, { cut }: Stretch): number[][] {
  const left = new Set(nodes.map(({ sid }) => sid));
  const sides: number[][] = [];
  for (const first of left) {
    const side = [first];
    left.delete(first);
    for (const sid of side) {
      for (const other of left) {
        if (cut.has(pairOf(sid, other))) continue;
        side.push(other);
        left.delete(other);
      }
    }
    sides.push(side.sort((a, b) => a - b));
  }
  return sides.sort((a, b) => a.length - b.length);
}

/** The same stretches, none across one of these moments. */
function cutAt(all: readonly Stretch[], moments: readonly number[]): Stretch[] {
  return moments.reduce<Stretch[]>(
    (spans, at) =>
      spans.flatMap((span) =>
        span.fromNs < at && at < span.toNs
          ? [
              { ...span, toNs: at },
              { ...span, fromNs: at },
            ]
          : [span],
      ),
    [...all],
  );
}

function epochLed({ reigns }: Ledger, sid: number, { fromNs, toNs }: { fromNs: number; toNs: number }) {
  return reigns.find(
    (reign) => reign.leader === sid && reign.establishedNs < toNs && (reign.endedNs ?? toNs) >= fromNs,
  )?.epoch;
}

function merged(spans: readonly SplitServer['commit'][number][]): SplitServer['commit'] {
  const result: SplitServer['commit'] = [];
  for (const { able, fromNs, toNs } of spans) {
    const last = result.at(-1);
    if (last?.able === able) last.toNs = toNs;
    else result.push({ able, fromNs, toNs });
  }
  return result;
}

function bucketsOf(history: History, sid: number, fromNs: number, toNs: number, bucketMs: number): Answers[] {
  const count = Math.ceil((toNs - fromNs) / (bucketMs * 1e6));
  const buckets = Array.from({ length: count }, nothing);
  for (const [row, kind] of answers(history, [sid], fromNs, toNs)) {
    const at = Math.floor((history.returnedNs[row]! - fromNs) / (bucketMs * 1e6));
    buckets[at]![kind]++;
  }
  return buckets;
}

function seenBy(
  history: History | undefined,
  sids: readonly number[],
  fromNs: number,
  toNs: number,
): Pick<Side, 'seen' | 'lastAckNs'> {
  const seen = nothing();
  let lastAckNs: number | undefined;
  for (const [row, kind] of history ? answers(history, sids, fromNs, toNs) : []) {
    seen[kind]++;
    if (kind === 'acked') lastAckNs = Math.max(lastAckNs ?? 0, history!.returnedNs[row]!);
  }
  return { seen, lastAckNs };
}

const nothing = (): Answers => ({ acked: 0, answered: 0, denied: 0 });

/** Rows whose answer from one of these servers, or the giving up on it, lies in the stretch of time. */
function* answers(
  history: History,
  sids: readonly number[],
  fromNs: number,
  toNs: number,
): Generator<[row: number, kind: keyof Answers]> {
  const asked = new Set(sids);
  for (let row = 0; row < history.length; row++) {
    const at = history.returnedNs[row]!;
    if (at < fromNs || at >= toNs || !asked.has(history.server[row]!)) continue;
    if (history.phase[row]! > phaseIndex.workload) continue;
    const kind = history.kind[row]!;
    const ok = history.outcome[row] === outcomeIndex.ok;
    const request = isWrite[kind] || isRead[kind];
    if (ok && isWrite[kind]) yield [row, 'acked'];
    else if (request && (ok || decidedErrors.has(history.error[row]!))) yield [row, 'answered'];
    else if (!ok && (request || kind === connect)) yield [row, 'denied'];
  }
}
