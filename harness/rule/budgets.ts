import { opKinds, phases } from '../history/op.ts';
import type { JournalEntry } from '../run/journal-entry.ts';
import { hasQuorum, stretches } from './connectivity.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { letGoMs } from './time-limits.ts';
import { accountOf, acknowledgedRows } from './tree/account.ts';
import { count, finding, report, seconds } from './words.ts';

const name = 'budgets';

/**
 * So many times what the ensemble took to come up is what an election, and the way back to service, may take: processes
 * that start, a vote and a synchronization are in both. On 76 random scenarios, on a machine that was busy to very busy,
 * the longest took 2.0 times as long.
 */
const timesStart = 4;
/** No JVM starts faster, so nothing is measured by less. */
const startNsMin = 1e9;

interface Span {
  fromNs: number;
  toNs: number;
}

const writes: ReadonlySet<string> = new Set(['create', 'delete', 'setData', 'setACL', 'multi']);

/** Time is measured by the run's own: a slow machine is slow from the first start on. */
export const budgets: Rule = {
  name,
  about:
    'elections, and times without acknowledged writes, are short against what the ensemble took to come up; only where a scenario asks for it',
  guarantee: {
    quote:
      '"As long as a majority of the servers are available, the ZooKeeper service will be available." "In our observations, ZooKeeper takes less than 200ms to elect a new leader."',
    source:
      'Overview (zookeeperOver.md), "Design Goals" and "Reliability"; the limit is ours: a measure of this run, no promise of ZooKeeper',
  },
  cannotSee: [
    'what is slow from the first start on',
    'single operations that are slow among others that are not',
  ],
  byDesign: [
    'what takes time while no quorum of voters runs and is linked, and until the servers’ own limit for a lost leader is over',
  ],
  needs: ['server-processes'],
  judge(evidence: Evidence): Judgement {
    const startNs = startTime(evidence.journal);
    if (startNs === undefined) return { relevant: 0, seen: 'no start', findings: [] };
    const limitNs = letGoMs(evidence.topology) * 1e6 + timesStart * startNs;
    const able = ableSpans(evidence);
    const work = workTime(evidence.journal);
    const elections = electionsIn(evidence, able, work);
    const silences = able.flatMap((span) => silencesIn(evidence, overlap(span, work)));
    const longest = (spans: readonly Span[]) =>
      Math.max(0, ...spans.map(({ fromNs, toNs }) => toNs - fromNs));
    const slow = [
      ...elections.map((span) => ({ span, what: 'an election went on' })),
      ...silences.map((span) => ({ span, what: 'no write was acknowledged' })),
    ].filter(({ span }) => span.toNs - span.fromNs > limitNs);
    const { findings, more } = report(slow, ({ span: { fromNs, toNs }, what }) =>
      finding(evidence, {
        rule: name,
        severity: 'budget',
        title: `${what} for ${seconds(toNs - fromNs)} although a quorum ran and was linked`,
        tell: `From ${seconds(fromNs)} to ${seconds(toNs)}. The ensemble came up in ${seconds(startNs)}; ${timesStart} times that, and the servers' own limit for a lost leader, is ${seconds(limitNs)}.`,
        atNs: fromNs,
      }),
    );
    return {
      relevant: 1 + elections.length,
      seen: `came up in ${seconds(startNs)}; ${count(elections.length, 'election')} with a quorum, the longest ${seconds(longest(elections))}; at most ${seconds(longest(silences))} without an acknowledged write while a quorum ran${more}`,
      findings,
    };
  },
};

/** From the first process to clients at work. */
function startTime(journal: readonly JournalEntry[]): number | undefined {
  const begun = journal.find(({ kind }) => kind === 'server-start');
  const warm = phaseTime(journal, 'warm-up');
  return begun === undefined || warm === undefined ? undefined : Math.max(startNsMin, warm - begun.atNs);
}

function phaseTime(journal: readonly JournalEntry[], phase: string): number | undefined {
  return journal.find((entry) => entry.kind === 'phase' && entry.phase === phase)?.atNs;
}

/** Clients work until the ensemble has been made whole. */
function workTime(journal: readonly JournalEntry[]): Span {
  const toNs = phaseTime(journal, 'heal') ?? phaseTime(journal, 'teardown') ?? journal.at(-1)!.atNs;
  return { fromNs: phaseTime(journal, 'warm-up')!, toNs };
}

/** Times in which, throughout, some quorum of voters ran and was linked. */
function ableSpans(evidence: Evidence): Span[] {
  const spans: Span[] = [];
  for (const stretch of stretches(evidence)) {
    if (!hasQuorum(evidence.topology, stretch)) continue;
    const last = spans.at(-1);
    if (last?.toNs === stretch.fromNs) last.toNs = stretch.toNs;
    else spans.push({ fromNs: stretch.fromNs, toNs: stretch.toNs });
  }
  return spans;
}

const overlap = (a: Span, b: Span): Span => ({
  fromNs: Math.max(a.fromNs, b.fromNs),
  toNs: Math.min(a.toNs, b.toNs),
});

/** Of each election that somebody won, the part in which it could be won. */
function electionsIn({ ledger }: Evidence, able: readonly Span[], work: Span): Span[] {
  return ledger.elections.flatMap(({ startedNs, endedNs, winner }) => {
    if (winner === undefined || endedNs === undefined) return [];
    if (startedNs < work.fromNs || endedNs > work.toNs) return [];
    const span = able.find(({ fromNs, toNs }) => fromNs <= endedNs && endedNs <= toNs);
    return span ? [{ fromNs: Math.max(startedNs, span.fromNs), toNs: endedNs }] : [];
  });
}

/** From the last acknowledgement, or the first request after it that was not answered by then, to the next acknowledgement or the end of the time. */
function silencesIn(evidence: Evidence, { fromNs, toNs }: Span): Span[] {
  const { history } = evidence;
  const ofWorkload = phases.indexOf('workload');
  const isWrite = opKinds.map((kind) => writes.has(kind));
  const asked: number[] = [];
  for (let row = 0; row < history.length; row++)
    if (isWrite[history.kind[row]!] && history.phase[row] === ofWorkload) asked.push(row);
  asked.sort((a, b) => history.returnedNs[a]! - history.returnedNs[b]!);
  const earliest = new Float64Array(asked.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let i = asked.length - 1; i >= 0; i--)
    earliest[i] = Math.min(earliest[i + 1]!, history.invokedNs[asked[i]!]!);

  const acks = acknowledgedRows(accountOf(evidence))
    .filter((row) => history.phase[row] === ofWorkload)
    .map((row) => history.returnedNs[row]!)
    .filter((ns) => ns > fromNs && ns < toNs);
  const ends = [fromNs, ...acks.sort((a, b) => a - b), toNs];
  let next = 0;
  return ends.slice(1).flatMap((end, i) => {
    const begin = ends[i]!;
    while (next < asked.length && history.returnedNs[asked[next]!]! <= begin) next++;
    const since = Math.max(begin, earliest[next]!);
    return since < end ? [{ fromNs: since, toNs: end }] : [];
  });
}
