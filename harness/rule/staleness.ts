import { type OpKind, opKinds, outcomes, phases } from '../history/op.ts';
import { nodeName } from '../topology/topology.ts';
import { faultSpans } from './fault-spans.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { letGoMs, limitWords, marginMs } from './time-limits.ts';
import { accountOf, acknowledgedRows } from './tree/account.ts';
import { count, finding, opWords, report, seconds } from './words.ts';

const name = 'staleness';

const reads: ReadonlySet<OpKind> = new Set(['getData', 'exists', 'getChildren', 'getACL']);

interface Aged {
  row: number;
  /** How long before the read was asked for the oldest write it does not show had been acknowledged. */
  ageNs: number;
}

/** How old the states are that reads show, server by server; and that none is older than a server may fall behind. */
export const staleness: Rule = {
  name,
  about: 'how old reads are, by server; without a fault none is older than syncLimit and two ticks',
  guarantee: {
    quote:
      '"Timeliness : The clients view of the system is guaranteed to be up-to-date within a certain time bound (on the order of tens of seconds). Either system changes will be seen by a client within this bound, or the client will detect a service outage."',
    source: 'Programmer\'s Guide (zookeeperProgrammers.md), "Consistency Guarantees"; Learner.syncWithLeader',
  },
  cannotSee: [
    'that a state is old while nobody writes',
    'the limit of servers that somebody else runs: how old reads are is told, and not judged',
    'writes that nobody had acknowledged when the read was asked for',
  ],
  byDesign: [
    'reads are served locally: a server that is behind shows what was true a moment ago',
    'a server that was frozen or cut off may answer late once more; while a fault is open no read is too old',
  ],
  needs: ['reply-zxids'],
  judge(evidence: Evidence): Judgement {
    const { history, topology } = evidence;
    const aged = agesOf(evidence);
    // The settings of servers that somebody else runs are not known, and neither is their limit.
    const others = evidence.lacks['server-processes'] !== undefined;
    const limitNs = others ? Number.POSITIVE_INFINITY : (letGoMs(topology) + marginMs) * 1e6;
    const spans = faultSpans(evidence.journal);
    const late = aged.filter(({ row, ageNs }) => {
      const askedNs = history.invokedNs[row]!;
      if (ageNs <= limitNs) return false;
      return !spans.some(
        ({ intentNs = 0, healedNs = Number.POSITIVE_INFINITY }) =>
          intentNs < askedNs && healedNs > askedNs - ageNs,
      );
    });
    const { findings, more } = report(late, ({ row, ageNs }) =>
      finding(evidence, {
        rule: name,
        severity: 'budget',
        title: `${nodeName(history.server[row]!)} showed a state that had been old for ${seconds(ageNs)}`,
        tell: `The read: ${opWords(history, row)}. A write it does not show had been acknowledged ${seconds(ageNs)} before. A server may fall behind by ${limitWords(topology)}.`,
        rows: [row],
        atNs: history.returnedNs[row]!,
      }),
    );
    return {
      relevant: aged.length,
      seen: `${count(aged.length, 'read')}; ${byServer(evidence, aged)}${more}`,
      findings,
    };
  },
};

/** Of every read of the workload: for a state that lacks writes, the first acknowledgement of a later zxid counts. */
function agesOf(evidence: Evidence): Aged[] {
  const { history } = evidence;
  const acked = acknowledgedRows(accountOf(evidence)).toSorted((a, b) => history.zxid[a]! - history.zxid[b]!);
  const zxids = Float64Array.from(acked, (row) => history.zxid[row]!);
  const firstAckNs = Float64Array.from(acked, (row) => history.returnedNs[row]!);
  for (let i = acked.length - 2; i >= 0; i--) firstAckNs[i] = Math.min(firstAckNs[i]!, firstAckNs[i + 1]!);
  const isRead = opKinds.map((kind) => reads.has(kind));
  const [ok, workload] = [outcomes.indexOf('ok'), phases.indexOf('workload')];
  const aged: Aged[] = [];
  for (let row = 0; row < history.length; row++) {
    if (!isRead[history.kind[row]!] || history.outcome[row] !== ok || history.phase[row] !== workload)
      continue;
    if (history.zxid[row]! <= 0) continue;
    const later = firstAbove(zxids, history.zxid[row]!);
    const ageNs = later < zxids.length ? Math.max(0, history.invokedNs[row]! - firstAckNs[later]!) : 0;
    aged.push({ row, ageNs });
  }
  return aged;
}

/** Index of the first that is larger. */
function firstAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** "zk1: 3 of 200 reads were stale, by 0.002 s in the middle and 0.040 s at most; ...". */
function byServer({ history, topology }: Evidence, aged: readonly Aged[]): string {
  const parts = topology.nodes.flatMap(({ sid }) => {
    const own = aged.filter(({ row }) => history.server[row] === sid);
    const stale = own.flatMap(({ ageNs }) => (ageNs > 0 ? [ageNs] : [])).sort((a, b) => a - b);
    if (own.length === 0) return [];
    if (stale.length === 0) return [`${nodeName(sid)} never stale`];
    const middle = stale[stale.length >> 1]!;
    return [
      `${nodeName(sid)} stale in ${stale.length} of ${own.length}, by ${seconds(middle)} in the middle and ${seconds(stale.at(-1)!)} at most`,
    ];
  });
  return parts.join('; ');
}
