import type { Ballot, Election, Vote, ZabPhase } from './ledger.ts';
import type { ServerState } from './server-event.ts';
import type { Timeline, TimelineEvent } from './timeline.ts';

/** One server's search for a leader, from LOOKING to the end of whatever came of it. */
export interface Search {
  sid: number;
  startedNs: number;
  /** When it stopped LOOKING, and as what; absent when its process or its log ended first. */
  settled?: { atNs: number; as: ServerState };
  /** When it went LOOKING again or its process ended; the end of the evidence when neither happened. */
  untilNs: number;
  /** Why it had lost its leader before, when it said so. */
  because?: string;
  /** What it brought and what it voted for. */
  ballot: Ballot;
  /** Every notification it logged until `untilNs`. */
  votes: Vote[];
  syncs: Election['syncs'];
  phases: NonNullable<Election['phases']>;
}

export function searchesOf({ sid, events }: Timeline, endNs: number): Search[] {
  const chapters = chaptersOf(events);
  return chapters.flatMap((chapter, i): Search[] => {
    const first = chapter[0]!;
    if (first.kind !== 'role') return [];
    const before = chapters[i - 1] ?? [];
    const settled = chapter.find((event) => event.kind === 'role' && event.state !== 'LOOKING');
    const because = before.find((event) => event.kind === 'leader-lost' || event.kind === 'leader-ended');
    const votes = [...earlyVotes(before), ...chapter].flatMap(votesOf);
    const search: Search = {
      sid,
      startedNs: first.atNs,
      untilNs: chapters[i + 1]?.[0]?.atNs ?? endNs,
      ballot: ballotOf(sid, chapter, votes),
      votes,
      syncs: chapter.flatMap((event) =>
        event.kind === 'sync' ? { sid, atNs: event.atNs, mode: event.mode } : [],
      ),
      phases: phasesOf(sid, chapter),
    };
    if (settled?.kind === 'role') search.settled = { atNs: settled.atNs, as: settled.state };
    if (because && 'because' in because) search.because = because.because;
    return [search];
  });
}

/** Cuts where a process begins or ends and where a settled server goes LOOKING. */
function chaptersOf(events: readonly TimelineEvent[]): TimelineEvent[][] {
  const chapters: TimelineEvent[][] = [];
  let searching = false;
  for (const event of events) {
    const looking = event.kind === 'role' && event.state === 'LOOKING';
    const cut = event.kind === 'exit' || event.kind === 'start' || (looking && !searching);
    if (cut || chapters.length === 0) chapters.push([]);
    if (cut || event.kind === 'role') searching = looking;
    chapters.at(-1)!.push(event);
  }
  return chapters;
}

/** A starting server may hear notifications in another thread before it logs LOOKING itself. */
function earlyVotes(before: readonly TimelineEvent[]): readonly TimelineEvent[] {
  return before[0]?.kind === 'start' ? before : [];
}

function votesOf(event: TimelineEvent): Vote[] {
  if (event.kind !== 'vote') return [];
  const { kind: _, sid, ...vote } = event;
  // Observers notify with Long.MIN_VALUE for a leader: they ask, they do not vote.
  return vote.leader < 0 ? [] : [{ seenBy: sid, ...vote }];
}

/** A server notifies itself of each of its votes; the first of a search is for itself (FastLeaderElection.lookForLeader). */
function ballotOf(sid: number, chapter: readonly TimelineEvent[], votes: readonly Vote[]): Ballot {
  const ballot: Ballot = { sid, fromNs: chapter[0]!.atNs, cast: [] };
  const settled = chapter.find((event) => event.kind === 'role' && event.state !== 'LOOKING');
  if (settled?.kind === 'role') Object.assign(ballot, { settledNs: settled.atNs, as: settled.state });
  for (const { atNs, from, fromState, leader, zxid, peerEpoch, round } of votes) {
    if (from !== sid || fromState !== 'LOOKING' || atNs > (ballot.settledNs ?? atNs)) continue;
    const last = ballot.cast.at(-1);
    const same =
      last?.leader === leader && last.zxid === zxid && last.peerEpoch === peerEpoch && last.round === round;
    if (!same) ballot.cast.push({ atNs, leader, zxid, peerEpoch, round });
  }
  const own = ballot.cast.find(({ leader }) => leader === sid);
  const announced = chapter.find((event) => event.kind === 'search');
  if (own) {
    const zxid = announced?.kind === 'search' ? announced.zxid : own.zxid;
    ballot.brought = { peerEpoch: own.peerEpoch, zxid };
  }
  return ballot;
}

/** Where a log does not name the phase (before 3.5.10), what stands for its begin. */
const phaseMarks: Record<Exclude<ZabPhase, 'election'>, readonly TimelineEvent['kind'][]> = {
  discovery: ['took'],
  synchronization: ['sync', 'learner'],
  broadcast: ['uptodate', 'established'],
};

function phasesOf(sid: number, chapter: readonly TimelineEvent[]): Search['phases'] {
  const phases: Search['phases'] = [{ sid, phase: 'election', atNs: chapter[0]!.atNs }];
  for (const phase of ['discovery', 'synchronization', 'broadcast'] as const) {
    const named = chapter.find((event) => event.kind === 'phase' && event.phase === phase);
    const mark = named ?? chapter.find(({ kind }) => phaseMarks[phase].includes(kind));
    if (mark) phases.push({ sid, phase, atNs: mark.atNs });
  }
  return phases;
}
