import type { Phase } from '../history/op.ts';
import { phases } from '../history/op.ts';
import type { ScenarioPhase } from '../run/journal-entry.ts';
import { nodeName, type Topology } from '../topology/topology.ts';
import { faultSpans } from './fault-spans.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { accountOf, acknowledgedRows } from './tree/account.ts';
import { count, finding, report, seconds } from './words.ts';

const name = 'progress';

/**
 * Longest time without an acknowledged write once nothing is broken any more. What the servers' own code may take: a
 * loss is noticed within (syncLimit + 1) ticks, voting settles 200 ms after the last better vote (finalizeWait in
 * FastLeaderElection), and connecting, the epoch, and the first sync to a quorum are each bounded by initLimit ticks
 * (Leader, Learner). A loaded test machine and reconnecting clients come on top, so the floor is generous.
 */
const resumeMsMin = 30_000;

function resumeMs({ settings }: Pick<Topology, 'settings'>): number {
  const of = (key: string, fallback: number) => Number(settings[key] ?? fallback);
  const ticks = of('syncLimit', 5) + 1 + 3 * of('initLimit', 10);
  return Math.max(resumeMsMin, ticks * of('tickTime', 2000));
}

interface Quiet {
  fromNs: number;
  toNs: number;
  asked: number;
}

/** Clients get work done before the first fault, and again after everything has healed. */
export const progress: Rule = {
  name,
  about: 'writes are acknowledged before the faults and after them, and no server gives up by itself',
  guarantee: {
    quote: '"As long as a majority of the servers are available, the ZooKeeper service will be available."',
    source: 'Overview (zookeeperOver.md), "Design Goals"; administrator\'s guide (zookeeperAdmin.md)',
  },
  cannotSee: ['how fast: only that service comes back within the bound'],
  byDesign: [
    'without a quorum no write need be acknowledged, and an election takes its time',
    'a server that had too little memory may end: that is invalid',
    'a server whose files were spoiled may refuse to start until it has them back',
    'a server or broker whose disk was left without room may end, but not once it was started with room again',
  ],
  judge(evidence: Evidence): Judgement {
    const { journal, topology } = evidence;
    const acks = ackTimes(evidence, 'workload');
    const asked = askTimes(evidence, 'workload');
    const boundNs = resumeMs(topology) * 1e6;
    const stuck = journal.filter((entry) => entry.kind === 'not-serving');
    const quiet = healthySpans(evidence).flatMap((span) => quietIn(span, acks, asked, boundNs));
    const silent = quiet.filter((each) => each.asked > 0);
    // Whether "nothing was broken" is known only of servers that nobody else touches.
    const known = evidence.lacks['server-processes'] === undefined;
    const { findings, more } = report(known ? silent : [], ({ fromNs, toNs, asked: n }) =>
      finding(evidence, {
        rule: name,
        title: `no write was acknowledged for ${seconds(toNs - fromNs)} although nothing was broken`,
        tell: `From ${seconds(fromNs)} to ${seconds(toNs)} every server ran and no fault was open; clients asked ${count(n, 'time')}. Service must resume within ${seconds(boundNs)}.`,
        atNs: fromNs,
      }),
    );
    for (const { atNs, waitedMs, roles } of stuck.filter((each) => known && each.waitedMs * 1e6 >= boundNs)) {
      const said = Object.entries(roles).map(([server, role]) => `${server} ${role}`);
      findings.push(
        finding(evidence, {
          rule: name,
          title: `the ensemble did not serve within ${waitedMs} ms although nothing was broken`,
          tell: `At ${seconds(atNs)} every server process ran, no fault was open, and the servers said: ${said.join(', ')}.`,
          atNs,
        }),
      );
    }
    const ended = endedAlone(evidence);
    for (const { atNs, sid, code, signal } of ended.filter((exit) => !starved(evidence, exit))) {
      findings.push(
        finding(evidence, {
          rule: name,
          title: `${nodeName(sid)} ended by itself (${signal ?? `exit code ${code}`})`,
          tell: `At ${seconds(atNs)} the server process ended although nobody had asked it to; its log says why.`,
          atNs,
          servers: [sid],
        }),
      );
    }
    const hungry = ended.find((exit) => starved(evidence, exit));
    const invalid = hungry
      ? `${nodeName(hungry.sid)} ran out of memory and ended: how much it has is the harness's choice (-Xmx in the JVM flags)`
      : whyInvalid(evidence, acks, quiet);
    const inconclusive =
      (known ? undefined : unexplained(evidence, silent)) ??
      whyInconclusive(evidence, acks, stuck.length > 0);
    return {
      relevant: acks.length,
      seen: `${count(acks.length, 'acknowledged write')}, ${acksBeforeFaults(evidence, acks)} before the first fault${more}`,
      findings,
      ...(invalid !== undefined && { invalid }),
      ...(inconclusive !== undefined && { inconclusive }),
    };
  },
};

/** Faults that damage what a node has stored, or leave it no room, and from when on: until they are healed it may give up. */
const ofDisks: ReadonlyMap<string, 'intentNs' | 'landedNs'> = new Map([
  ['spoil', 'landedNs'],
  // The disk is full before that is proven.
  ['full-disk', 'intentNs'],
]);

/** Whose heal leaves nodes nothing to refuse: one that it starts has room, and what it had stored. */
const ofRoom = 'full-disk';

/** Who served and then gave up: after the ensemble had formed, without a signal of ours, and with a disk as it should be. */
function endedAlone(evidence: Evidence) {
  const { journal, scenario } = evidence;
  const { outsiders = [] } = scenario;
  const formedNs = timeOf(evidence, 'warm-up') ?? Number.POSITIVE_INFINITY;
  const faults = faultSpans(journal).flatMap((span) => {
    const from = ofDisks.get(span.fault);
    return from === undefined ? [] : [{ ...span, fromNs: span[from] ?? Number.POSITIVE_INFINITY }];
  });
  const startedBetween = (sid: number, fromNs: number, toNs: number) =>
    journal.some(
      (entry) =>
        entry.kind === 'server-start' && entry.sid === sid && fromNs <= entry.atNs && entry.atNs <= toNs,
    );
  const hurt = (sid: number, atNs: number) =>
    faults.some(
      ({ fault, victims, fromNs, healingNs, healedNs = Number.POSITIVE_INFINITY }) =>
        victims.includes(sid) &&
        fromNs <= atNs &&
        atNs <= healedNs &&
        !(fault === ofRoom && healingNs !== undefined && startedBetween(sid, healingNs, atNs)),
    );
  return journal.flatMap((entry) =>
    entry.kind === 'server-exit' &&
    !entry.asked &&
    entry.atNs > formedNs &&
    !outsiders.includes(entry.sid) &&
    !hurt(entry.sid, entry.atNs)
      ? entry
      : [],
  );
}

/** A server ends within seconds of the error; a busy machine may take longer. */
const starvedNs = 60e9;

/** Whether a server had too little memory, as its log tells: ZooKeeper promises nothing about the heap it is given. */
function starved({ ledger }: Evidence, { sid, atNs }: { sid: number; atNs: number }): boolean {
  return ledger.alarms.some(
    (alarm) =>
      alarm.sid === sid &&
      alarm.line.includes('java.lang.OutOfMemoryError') &&
      Math.abs(atNs - alarm.atNs) <= starvedNs,
  );
}

function ackTimes(evidence: Evidence, phase: Phase): number[] {
  const { history } = evidence;
  const index = phases.indexOf(phase);
  return acknowledgedRows(accountOf(evidence))
    .filter((row) => history.phase[row] === index)
    .map((row) => history.returnedNs[row]!)
    .sort((a, b) => a - b);
}

function askTimes({ history }: Evidence, phase: Phase): Float64Array {
  const index = phases.indexOf(phase);
  return history.invokedNs.filter((_, row) => history.phase[row] === index).sort();
}

function timeOf({ journal }: Evidence, phase: ScenarioPhase): number | undefined {
  return journal.find((entry) => entry.kind === 'phase' && entry.phase === phase)?.atNs;
}

/** Clients work from the warm-up until, after the last heal, the ensemble was seen to serve (or the run ended). */
function workTime(evidence: Evidence): { fromNs: number; toNs: number } | undefined {
  const { journal } = evidence;
  const fromNs = timeOf(evidence, 'warm-up');
  const last = journal.at(-1);
  if (fromNs === undefined || last === undefined) return undefined;
  const healed = journal.findIndex((entry) => entry.kind === 'phase' && entry.phase === 'heal');
  const after = healed < 0 ? [] : journal.slice(healed + 1);
  const end = after.find(({ kind }) => kind === 'serving' || kind === 'phase');
  return { fromNs, toNs: end?.atNs ?? timeOf(evidence, 'teardown') ?? last.atNs };
}

/** Stretches of the clients' time in which no fault was under way and every server ran. */
function healthySpans(evidence: Evidence): { fromNs: number; toNs: number }[] {
  const work = workTime(evidence);
  if (!work) return [];
  const broken = faultSpans(evidence.journal).map(({ intentNs, landedNs, healedNs, missed }) => ({
    fromNs: intentNs ?? landedNs ?? work.fromNs,
    toNs: healedNs ?? (missed === undefined ? work.toNs : (intentNs ?? work.fromNs)),
  }));
  const down = downTimes(evidence, work.toNs);
  const bad = [...broken, ...down].sort((a, b) => a.fromNs - b.fromNs);
  const good: { fromNs: number; toNs: number }[] = [];
  let fromNs = work.fromNs;
  for (const span of bad) {
    if (span.fromNs > fromNs) good.push({ fromNs, toNs: Math.min(span.fromNs, work.toNs) });
    fromNs = Math.max(fromNs, span.toNs);
  }
  if (fromNs < work.toNs) good.push({ fromNs, toNs: work.toNs });
  return good.filter((span) => span.toNs > span.fromNs);
}

function downTimes({ journal }: Evidence, endNs: number): { fromNs: number; toNs: number }[] {
  return journal.flatMap((entry, i) => {
    if (entry.kind !== 'server-exit') return [];
    const back = journal.slice(i).find((later) => later.kind === 'server-start' && later.sid === entry.sid);
    return { fromNs: entry.atNs, toNs: back?.atNs ?? endNs };
  });
}

/** Silences longer than the bound, with how often clients asked meanwhile. */
function quietIn(
  { fromNs, toNs }: { fromNs: number; toNs: number },
  acks: readonly number[],
  asked: Float64Array,
  boundNs: number,
): Quiet[] {
  const times = [fromNs, ...acks.filter((ns) => ns > fromNs && ns < toNs), toNs];
  return times.slice(1).flatMap((end, i) => {
    const start = times[i]!;
    if (end - start <= boundNs) return [];
    return { fromNs: start, toNs: end, asked: asked.filter((ns) => ns >= start && ns < end).length };
  });
}

function acksBeforeFaults(evidence: Evidence, acks: readonly number[]): number {
  const firstFault = faultSpans(evidence.journal)[0]?.intentNs ?? Number.POSITIVE_INFINITY;
  return acks.filter((ns) => ns < firstFault).length;
}

function whyInvalid(
  evidence: Evidence,
  acks: readonly number[],
  quiet: readonly Quiet[],
): string | undefined {
  if (acks.length === 0) return 'no write of the workload was acknowledged: nothing was tested';
  if (
    evidence.scenario.warmUpMs > 0 &&
    evidence.plan.steps.some(({ faults }) => faults.length > 0) &&
    acksBeforeFaults(evidence, acks) === 0
  ) {
    return 'no write was acknowledged before the first fault';
  }
  const idle = quiet.find(({ asked }) => asked === 0);
  if (idle) return `the clients sent nothing from ${seconds(idle.fromNs)} to ${seconds(idle.toNs)}`;
  return undefined;
}

/** A silence of servers that others may have stopped proves nothing against ZooKeeper, and nothing for it. */
function unexplained({ lacks }: Evidence, [first]: readonly Quiet[]): string | undefined {
  if (!first) return undefined;
  return `no write was acknowledged for ${seconds(first.toNs - first.fromNs)} from ${seconds(first.fromNs)} on, but ${lacks['server-processes']}`;
}

/** The clients stopped before anybody can say whether service came back. */
function whyInconclusive(
  evidence: Evidence,
  acks: readonly number[],
  notServing: boolean,
): string | undefined {
  if (notServing) return 'the ensemble did not serve again, and the wait was shorter than the bound';
  const last = healthySpans(evidence).at(-1);
  const faulty = faultSpans(evidence.journal).some(({ landedNs }) => landedNs !== undefined);
  if (!faulty) return undefined;
  if (!last) return 'the clients stopped before everything had healed';
  if (acks.some((ns) => ns >= last.fromNs)) return undefined;
  return `no write was acknowledged after the last heal, but the clients stopped after ${seconds(last.toNs - last.fromNs)}`;
}
