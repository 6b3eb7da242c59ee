import { type OpKind, opKinds, outcomes } from '../history/op.ts';
import { votersOf } from '../topology/quorum.ts';
import { nodeName } from '../topology/topology.ts';
import { canCommit, type Stretch, stretches } from './connectivity.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { letGoMs, limitWords, marginMs } from './time-limits.ts';
import { count, finding, opWords, report, seconds } from './words.ts';

const name = 'service-ends';

const reads: ReadonlySet<OpKind> = new Set(['getData', 'exists', 'getChildren']);

/** A time in which one running server could reach no leader with a quorum. */
interface Orphaned {
  sid: number;
  fromNs: number;
  toNs: number;
}

/**
 * A server that lost its leader goes on answering reads, more and more stale, until its limit is over; then it closes its
 * connections and looks for a leader. If the leader was lost with it, both limits run at once.
 */
export const serviceEnds: Rule = {
  name,
  about:
    'a server cut off from every leader with a quorum stops answering reads within syncLimit and two ticks',
  guarantee: {
    quote:
      '"Timeliness : The clients view of the system is guaranteed to be up-to-date within a certain time bound (on the order of tens of seconds). Either system changes will be seen by a client within this bound, or the client will detect a service outage."',
    source: 'Programmer\'s Guide (zookeeperProgrammers.md), "Consistency Guarantees"; Learner.syncWithLeader',
  },
  cannotSee: ['a server that nobody read from while it was without a leader'],
  byDesign: [
    'reads are served, more and more stale, until the limit is over',
    'a server in read-only mode goes on for as long as it likes',
  ],
  needs: ['server-processes', 'one-membership'],
  judge(evidence: Evidence): Judgement {
    const { history, topology } = evidence;
    if (votersOf(topology).length === 1 && topology.nodes.length === 1)
      return { relevant: 1, seen: 'one standalone server, which needs nobody', findings: [] };
    const orphaned = orphansIn(evidence);
    const isRead = opKinds.map((kind) => reads.has(kind));
    const ok = outcomes.indexOf('ok');
    const limitNs = (letGoMs(topology) + marginMs) * 1e6;
    const late: { row: number; since: Orphaned }[] = [];
    let answered = 0;
    let longestNs = 0;
    for (let row = 0; row < history.length; row++) {
      if (history.outcome[row] !== ok || !isRead[history.kind[row]!]) continue;
      answered++;
      const since = orphaned.find((each) => holds(each, history.server[row]!, history.invokedNs[row]!));
      if (!since || history.returnedNs[row]! > since.toNs) continue;
      const afterNs = history.invokedNs[row]! - since.fromNs;
      longestNs = Math.max(longestNs, afterNs);
      if (afterNs > limitNs && !readOnlyMode(evidence)) late.push({ row, since });
    }
    const { findings, more } = report(late, ({ row, since }) =>
      finding(evidence, {
        rule: name,
        severity: 'budget',
        title: `${nodeName(since.sid)} answered a read ${seconds(history.invokedNs[row]! - since.fromNs)} after it had lost every leader`,
        tell: `The read: ${opWords(history, row)}. From ${seconds(since.fromNs)} it could reach no leader with a quorum. The servers' limit is ${limitWords(topology)}.`,
        rows: [row],
        atNs: history.returnedNs[row]!,
      }),
    );
    return {
      relevant: answered,
      seen: `${count(answered, 'answered read')}; ${count(orphaned.length, 'time')} a server was without a leader, and the last read was asked of one ${seconds(longestNs)} after that${more}`,
      findings,
    };
  },
};

const holds = ({ sid, fromNs, toNs }: Orphaned, server: number, ns: number) =>
  sid === server && ns > fromNs && ns < toNs;

/** Servers in read-only mode answer without any leader, as long as it lasts (`-Dreadonlymode.enabled=true`). */
const readOnlyMode = ({ topology }: Evidence) =>
  topology.nodes.some(({ jvmFlags }) => jvmFlags.some((flag) => flag.includes('readonlymode.enabled=true')));

function orphansIn(evidence: Evidence): Orphaned[] {
  const { topology } = evidence;
  const all: readonly Stretch[] = stretches(evidence);
  return topology.nodes.flatMap(({ sid }) => {
    const found: Orphaned[] = [];
    for (const stretch of all) {
      if (!stretch.up.has(sid) || canCommit(topology, stretch, sid)) continue;
      const last = found.at(-1);
      if (last?.toNs === stretch.fromNs) last.toNs = stretch.toNs;
      else found.push({ sid, fromNs: stretch.fromNs, toNs: stretch.toNs });
    }
    return found.filter(({ fromNs }) => Number.isFinite(fromNs));
  });
}
