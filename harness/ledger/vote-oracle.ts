import { isQuorum } from '../topology/quorum.ts';
import { nodeName, type Topology } from '../topology/topology.ts';
import type { Ballot, Election, Ledger, Vote } from './ledger.ts';

/** What a vote is weighed by: currentEpoch and last zxid of the server voted for, then its id. */
export interface Standing {
  peerEpoch: number;
  zxid: string;
  leader: number;
}

/** FastLeaderElection.totalOrderPredicate (all of 3.4.4 and later): the higher epoch, then the higher zxid, then the higher id. */
export function beats(a: Standing, b: Standing): boolean {
  if (a.peerEpoch !== b.peerEpoch) return a.peerEpoch > b.peerEpoch;
  const [mine, other] = [BigInt(a.zxid), BigInt(b.zxid)];
  return mine === other ? a.leader > b.leader : mine > other;
}

/** What made the winner better than the next best of its electors; undefined where there was none, or the logs do not tell. */
export function decidedBy({
  winner,
  ballots = [],
  electors = [],
}: Election): 'epoch' | 'zxid' | 'id' | undefined {
  const standings = ballots.flatMap(({ sid, brought }) =>
    brought && electors.includes(sid) ? [{ ...brought, leader: sid }] : [],
  );
  const won = standings.findLast(({ leader }) => leader === winner);
  const others = standings.filter(({ leader }) => leader !== winner);
  const next = others.reduce<Standing | undefined>((a, b) => (a && beats(a, b) ? a : b), undefined);
  if (!won || !next) return undefined;
  if (won.peerEpoch !== next.peerEpoch) return 'epoch';
  return BigInt(won.zxid) === BigInt(next.zxid) ? 'id' : 'zxid';
}

/**
 * A better vote that came this late may have been logged by the receiving thread and never been looked at: finalizeWait,
 * for which a voter listens on after it has seen a quorum (FastLeaderElection, 200 ms in every release).
 */
const tooLateNs = 200e6;

/** What the law says of one election. */
export interface Opinion {
  election: Election;
  /** `untold`: the logs do not show enough of it. */
  kind: 'lawful' | 'unlawful' | 'untold';
  /** Why it is unlawful; why a lawful winner was not the best of all who came; what is untold. */
  words?: string;
  /** Servers that broke the law. */
  servers: number[];
}

/**
 * Judges who won by what each server brought from its disk and whom it had heard. A server may elect the winner when it
 * brought nothing better itself and had heard of nothing better in the round that decided, in time; those servers must
 * be a quorum. The best of all may therefore lawfully lose when it came late.
 */
export function opinionOn(election: Election, topology: Topology, ledger: Ledger): Opinion {
  const { winner, ballots = [], round } = election;
  const say = (kind: Opinion['kind'], words?: string, servers: number[] = []): Opinion => ({
    election,
    kind,
    servers,
    ...(words !== undefined && { words }),
  });
  if (winner === undefined) return say('untold', 'nobody won');
  const node = topology.nodes.find(({ sid }) => sid === winner);
  if (node?.kind !== 'voter' || node.weight === 0)
    return say('unlawful', `${nodeName(winner)} won, which has no vote`, [winner]);
  const strangers = observersAmong(election, topology, ledger);
  if (strangers.length > 0)
    return say('unlawful', `${strangers.map(nodeName).join(', ')} voted, an observer`, strangers);

  const own = ballots.findLast(({ sid, as }) => sid === winner && as === 'LEADING');
  const won = own?.cast.findLast(({ leader }) => leader === winner);
  if (!own?.brought || !won || round === undefined)
    return say('untold', `the log of ${nodeName(winner)} does not show its votes`);

  const voters = topology.nodes.filter(({ kind }) => kind === 'voter').map(({ sid }) => sid);
  const electable = topology.nodes.flatMap(({ sid, kind, weight }) =>
    kind === 'voter' && weight > 0 ? [sid] : [],
  );
  const unread = voters.filter((sid) => (ledger.understood[String(sid)] ?? 0) === 0);
  const views = ballots
    .filter(({ sid }) => voters.includes(sid))
    .flatMap((ballot) => viewOf(ballot, { winning: won, round, voters, electable, votes: election.votes }));
  const able = views.filter(({ better }) => !better);
  if (isQuorum(topology, new Set([...able.map(({ sid }) => sid), ...unread])))
    return say('lawful', surprise(election, won));

  const knew = views.filter((view) => view.better && !able.some(({ sid }) => sid === view.sid));
  if (knew.length > 0)
    return say('unlawful', knew.map((view) => knewBetter(view, won)).join('; '), [
      winner,
      ...knew.map(({ sid }) => sid),
    ]);
  const anyRound = new Set(
    ballots.filter(({ cast }) => cast.some(({ leader }) => leader === winner)).map(({ sid }) => sid),
  );
  if (isQuorum(topology, anyRound)) return say('untold', 'its votes were cast in different rounds');
  const names = [...anyRound].map(nodeName).join(', ');
  return say('unlawful', `only ${names} voted for ${nodeName(winner)}, and that is no quorum`, [winner]);
}

interface Court {
  winning: Standing;
  round: number;
  voters: readonly number[];
  /** Servers a vote may be for: a weight of 0 never leads. */
  electable: readonly number[];
  votes: readonly Vote[];
}

/** One server that voted for the winner in the deciding round, and the better vote it had ignored, if it had. */
interface View {
  sid: number;
  better?: Standing & { from: number; atNs: number };
  settledNs: number;
}

function viewOf(ballot: Ballot, { winning, round, voters, electable, votes }: Court): View[] {
  const { sid, fromNs, settledNs = Number.POSITIVE_INFINITY, brought, cast } = ballot;
  const inRound = cast.filter((vote) => vote.round === round);
  if (!inRound.some(({ leader }) => leader === winning.leader)) return [];
  if (brought && electable.includes(sid) && beats({ ...brought, leader: sid }, winning))
    return [{ sid, settledNs, better: { ...brought, leader: sid, from: sid, atNs: fromNs } }];
  // Who turned to somebody else afterwards had been counted before.
  if (inRound.at(-1)!.leader !== winning.leader || !Number.isFinite(settledNs)) return [{ sid, settledNs }];
  const better = votes.find(
    (vote) =>
      vote.seenBy === sid &&
      vote.fromState === 'LOOKING' &&
      vote.round === round &&
      voters.includes(vote.from) &&
      electable.includes(vote.leader) &&
      vote.atNs >= fromNs &&
      vote.atNs < settledNs - tooLateNs &&
      beats(vote, winning),
  );
  return [better ? { sid, settledNs, better } : { sid, settledNs }];
}

function knewBetter({ sid, better, settledNs }: View, won: Standing): string {
  if (!better) return '';
  const { leader, from, atNs } = better;
  const earlier = Number.isFinite(settledNs)
    ? ` ${Math.round((settledNs - atNs) / 1e6)} ms before it settled`
    : '';
  const source = from === sid ? 'brought' : `heard ${nodeName(from)} vote for`;
  return `${nodeName(sid)} elected ${standing(won)}, although it had ${source} ${standing({ ...better, leader })}${earlier}`;
}

const standing = ({ leader, peerEpoch, zxid }: Standing) =>
  `${nodeName(leader)} (epoch ${peerEpoch}, zxid ${zxid})`;

/** Observers ask with Long.MIN_VALUE for a leader, which is no vote; and no leader may count them as supporters. */
function observersAmong(
  { votes, epoch, winner }: Election,
  { nodes }: Topology,
  { reigns }: Ledger,
): number[] {
  const observers = nodes.filter(({ kind }) => kind === 'observer').map(({ sid }) => sid);
  const reign = reigns.find((each) => each.epoch === epoch && each.leader === winner);
  const cast = votes.filter(({ fromState }) => fromState === 'LOOKING').map(({ from }) => from);
  return observers.filter((sid) => cast.includes(sid) || reign?.supporters.includes(sid));
}

/** Why somebody better did not win although it took part. */
function surprise(
  { ballots = [], winner, votes, round, endedNs }: Election,
  won: Standing,
): string | undefined {
  const better = ballots.flatMap(({ sid, brought, fromNs }) =>
    brought && beats({ ...brought, leader: sid }, won) ? [{ sid, fromNs, ...brought, leader: sid }] : [],
  );
  const best = better.reduce<(typeof better)[number] | undefined>(
    (a, b) => (a && beats(a, b) ? a : b),
    undefined,
  );
  if (!best) return undefined;
  const settled =
    ballots.findLast(({ sid, as }) => sid === winner && as === 'LEADING')?.settledNs ?? endedNs!;
  const heard = votes.find(
    (vote) =>
      vote.from === best.sid && vote.seenBy === winner && vote.leader === best.sid && vote.round === round,
  );
  const late = heard
    ? heard.atNs > settled
      ? `its vote reached ${nodeName(winner!)} ${Math.round((heard.atNs - settled) / 1e6)} ms after that had settled`
      : `its vote reached ${nodeName(winner!)} ${Math.round((settled - heard.atNs) / 1e6)} ms before that settled, too late to be weighed`
    : `${nodeName(winner!)} never heard it in that round`;
  return `${standing(best)} was better than ${standing(won)} and did not win: ${late}`;
}
