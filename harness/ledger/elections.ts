import type { JournalEntry } from '../run/journal-entry.ts';
import type { Ballot, Election, Reign, Rejoin } from './ledger.ts';
import type { Search } from './searches.ts';
import { triggerOf } from './trigger.ts';

/**
 * Groups the searches of all servers. Each reign has one election: the searches that ended in it, and those that came to
 * nothing at the same time. Who found a leader already established rejoined. What is left was won by nobody.
 */
export function electionsOf(
  searches: readonly Search[],
  reigns: readonly Reign[],
  journal: readonly JournalEntry[],
): { elections: Election[]; rejoins: Rejoin[] } {
  const outcomes = searches.map((search) => ({ search, reign: reignJoined(search, reigns) }));
  const idle = new Set(outcomes.filter(({ reign }) => !reign).map(({ search }) => search));
  const joined = (reign: Reign) =>
    outcomes.filter((outcome) => outcome.reign === reign).map(({ search }) => search);

  const won = reigns.map((reign, i) => {
    const electors = joined(reign).filter((search) => search.startedNs < reign.establishedNs);
    const alongside = overlapping(electors, idle).filter((search) => search.startedNs < reign.establishedNs);
    for (const search of alongside) idle.delete(search);
    return wonElection(reign, reigns[i - 1], [...electors, ...alongside], joined(reign), journal);
  });
  const lost: Election[] = [];
  for (const search of idle) {
    const together = [search, ...overlapping([search], idle)];
    for (const member of together) idle.delete(member);
    lost.push(lostElection(together, reigns, journal));
  }
  const rejoins = outcomes.flatMap(({ search, reign }) =>
    reign && search.startedNs >= reign.establishedNs ? rejoinOf(search, reign) : [],
  );
  return {
    elections: [...won, ...lost].sort((a, b) => a.startedNs - b.startedNs),
    rejoins: rejoins.sort((a, b) => a.startedNs - b.startedNs),
  };
}

/** The reign this search ended in: its own, or that of the leader it went on to follow. */
function reignJoined({ sid, settled, untilNs, votes }: Search, reigns: readonly Reign[]): Reign | undefined {
  if (!settled) return undefined;
  const { atNs, as } = settled;
  const during = reigns.filter(
    (r) => r.establishedNs <= untilNs && (r.endedNs ?? Number.POSITIVE_INFINITY) > atNs,
  );
  if (as === 'LEADING') return during.find((r) => r.leader === sid && r.establishedNs >= atNs);
  const seen = votes.filter((vote) => vote.atNs <= atNs);
  // FastLeaderElection joins an established leader only after hearing from that leader itself (checkLeader).
  const fromLeader = seen.findLast((vote) => vote.fromState === 'LEADING' && vote.from === vote.leader);
  const own = seen.findLast((vote) => vote.from === sid);
  const supported = during.find((r) => r.supporters.includes(sid) && r.establishedNs >= atNs);
  const leader = supported?.leader ?? fromLeader?.leader ?? own?.leader;
  return supported ?? during.findLast((r) => r.leader === leader);
}

/** Those of `others` that were going on at the same time as one of `searches`, or as one so found. */
function overlapping(searches: readonly Search[], others: ReadonlySet<Search>): Search[] {
  const found = new Set<Search>();
  const queue = [...searches];
  for (let search = queue.pop(); search; search = queue.pop()) {
    for (const other of others) {
      const apart =
        other.untilNs < search.startedNs || other.startedNs > (search.settled?.atNs ?? search.untilNs);
      if (apart || found.has(other) || searches.includes(other)) continue;
      found.add(other);
      queue.push(other);
    }
  }
  return [...found];
}

function wonElection(
  reign: Reign,
  before: Reign | undefined,
  electors: Search[],
  joined: Search[],
  journal: readonly JournalEntry[],
): Election {
  const vacantNs = vacancy(before, reign.establishedNs);
  const callers = callersOf(reign, before, vacantNs, electors);
  const startedNs = callers.length > 0 ? firstStart(callers) : (vacantNs ?? reign.establishedNs);
  const { ballots, ...seen } = gathered(electors, reign.establishedNs);
  return {
    startedNs,
    endedNs: reign.establishedNs,
    cause: causeOf(before, vacantNs, callers),
    trigger: triggerOf(before, startedNs, journal),
    winner: reign.leader,
    epoch: reign.epoch,
    ...seen,
    ballots,
    ...decision(reign, ballots),
    syncs: joined.flatMap((search) => search.syncs).sort((a, b) => a.atNs - b.atNs),
  };
}

/** The round that decided, and who voted for the winner in it. */
function decision(
  { leader, establishedNs }: Reign,
  ballots: readonly Ballot[],
): Pick<Election, 'round' | 'electors'> {
  const own = ballots.findLast(
    ({ sid, as, settledNs }) => sid === leader && as === 'LEADING' && settledNs! <= establishedNs,
  );
  const round = own?.cast.findLast((vote) => vote.leader === leader)?.round;
  if (round === undefined) return {};
  const lastIn = ({ cast }: Ballot) => cast.findLast((vote) => vote.round === round);
  const electors = ballots.flatMap((ballot) => (lastIn(ballot)?.leader === leader ? [ballot.sid] : []));
  return { round, electors: [...new Set([leader, ...electors])].sort((a, b) => a - b) };
}

/** When the last leader was gone; undefined when it still thought it led `untilNs`, paused or cut off. */
function vacancy(before: Reign | undefined, untilNs: number): number | undefined {
  return before?.endedNs !== undefined && before.endedNs <= untilNs ? before.endedNs : undefined;
}

/**
 * The searches that called this election. A server that was cut off may have been LOOKING long before the leader fell, so
 * once the throne is vacant only who went LOOKING from then on counts (followers may notice before the harness notes the
 * end of the leader's process: hence the slack), and while the old leader still sits, only who deserted it.
 */
function callersOf(
  { supporters }: Reign,
  before: Reign | undefined,
  vacantNs: number | undefined,
  electors: readonly Search[],
): readonly Search[] {
  if (vacantNs !== undefined)
    return electors.filter(({ startedNs }) => startedNs >= vacantNs - noticedEarlyNs);
  if (!before || supporters.length === 0) return electors;
  return electors.filter(({ sid }) => supporters.includes(sid));
}
const noticedEarlyNs = 1e9;

function firstStart(searches: readonly Search[]): number {
  return searches.reduce((first, { startedNs }) => Math.min(first, startedNs), Number.POSITIVE_INFINITY);
}

function causeOf(
  before: Reign | undefined,
  vacantNs: number | undefined,
  callers: readonly Search[],
): string {
  if (!before) return 'no leader before';
  const whose = `server ${before.leader}, leader of epoch ${before.epoch}`;
  if (vacantNs !== undefined) return `${whose}: ${before.endedBecause}`;
  const left = callers
    .filter((search) => search.because !== undefined)
    .sort((a, b) => a.startedNs - b.startedNs)[0];
  return left ? `server ${left.sid} lost ${whose}: ${left.because}` : `${whose} was left`;
}

function lostElection(
  searches: Search[],
  reigns: readonly Reign[],
  journal: readonly JournalEntry[],
): Election {
  const startedNs = firstStart(searches);
  const before = reigns.findLast((reign) => reign.establishedNs < startedNs);
  const cause = causeOf(before, vacancy(before, startedNs), searches);
  const trigger = triggerOf(before, startedNs, journal);
  return { startedNs, cause, trigger, ...gathered(searches, startedNs), syncs: [] };
}

/** What the searches saw until they were over and the leader, if any, was established. */
function gathered(
  searches: readonly Search[],
  establishedNs: number,
): Pick<Election, 'participants' | 'votes' | 'phases'> & { ballots: Ballot[] } {
  const votes = searches.flatMap((search) => {
    const overNs = Math.max(search.settled?.atNs ?? search.untilNs, Math.min(establishedNs, search.untilNs));
    return search.votes.filter((vote) => vote.atNs <= overNs);
  });
  return {
    participants: [...new Set(searches.map((search) => search.sid))].sort((a, b) => a - b),
    votes: votes.sort((a, b) => a.atNs - b.atNs),
    phases: searches.flatMap((search) => search.phases).sort((a, b) => a.atNs - b.atNs),
    ballots: searches.map(({ ballot }) => ballot).sort((a, b) => a.fromNs - b.fromNs),
  };
}

function rejoinOf(search: Search, { leader, epoch }: Reign): Rejoin[] {
  const { sid, startedNs, settled, syncs } = search;
  if (!settled) return [];
  const sync = syncs[0]?.mode;
  return [{ sid, startedNs, endedNs: settled.atNs, leader, epoch, ...(sync && { sync }) }];
}
