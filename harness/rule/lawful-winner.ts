import { epochOf, type Zxid } from '../history/op.ts';
import type { Election } from '../ledger/ledger.ts';
import { type Opinion, opinionOn } from '../ledger/vote-oracle.ts';
import { votersOf } from '../topology/quorum.ts';
import { nodeName } from '../topology/topology.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { accountOf, acknowledgedRows } from './tree/account.ts';
import { count, finding, opWords, report, zxidText } from './words.ts';

const name = 'lawful-winner';

interface Wrong {
  title: string;
  tell: string;
  rows: number[];
  servers: number[];
  atNs: number;
}

/** Lawful surprises told in `seen`; the rest is only counted. */
const surprisesMax = 3;

/**
 * Of the servers that took part in the round that decided, the one with the best (current epoch, last zxid, id) wins, by
 * the votes of a quorum that knew no better; and it has every write that was acknowledged before.
 */
export const lawfulWinner: Rule = {
  name,
  about: 'elections are won by the best (epoch, zxid, id) a quorum knew of, who has every acknowledged write',
  guarantee: {
    quote:
      '"The leader has seen the highest zxid of all the followers. A quorum of servers have committed to following the leader." "1- New epoch is higher 2- New epoch is the same as current epoch, but new zxid is higher 3- New epoch is the same as current epoch, new zxid is the same as current zxid, but server id is higher."',
    source:
      'ZooKeeper Internals (zookeeperInternals.md), "Leader Activation"; FastLeaderElection.totalOrderPredicate',
  },
  cannotSee: [
    'an election whose votes the logs do not tell: it is counted, and not judged',
    'what a server had heard and not logged before it decided',
  ],
  byDesign: ['the best server may lose when its vote comes after a quorum has agreed and waited 200 ms'],
  needs: ['server-logs', 'one-membership'],
  judge(evidence: Evidence): Judgement {
    const { ledger, topology } = evidence;
    if (votersOf(topology).length === 1 && topology.nodes.length === 1)
      return { relevant: 1, seen: 'one standalone server, which elects nobody', findings: [] };
    const won = ledger.elections.filter(({ winner }) => winner !== undefined);
    const opinions = won.map((election) => opinionOn(election, topology, ledger));
    const wrong = [
      ...opinions.filter(({ kind }) => kind === 'unlawful').map(breachOf),
      ...won.flatMap((election) => inventedVotes(election, ledger.elections)),
      ...withoutAcknowledged(evidence, won),
    ].sort((a, b) => a.atNs - b.atNs);
    const { findings, more } = report(wrong, (each) => finding(evidence, { rule: name, ...each }));
    const untold = opinions.filter(({ kind }) => kind === 'untold').length;
    return {
      // Reigns that are only sampled have no votes to look at; that a log is missing is said by one-leader-per-epoch.
      relevant: Math.max(won.length, ledger.reigns.length),
      seen: `${count(won.length, 'election')}${untold > 0 ? `, ${untold} of which the logs do not tell enough` : ''}${surprises(opinions)}${more}`,
      findings,
    };
  },
};

function breachOf({ election, words = '', servers }: Opinion): Wrong {
  const { winner, epoch, endedNs, startedNs } = election;
  return {
    title: `${nodeName(winner!)} won epoch ${epoch} against the law of the vote`,
    tell: `${words}.`,
    rows: [],
    servers,
    atNs: endedNs ?? startedNs,
  };
}

function surprises(opinions: readonly Opinion[]): string {
  const told = opinions.flatMap(({ kind, words, election }) =>
    kind === 'lawful' && words !== undefined ? [`epoch ${election.epoch}: ${words}`] : [],
  );
  if (told.length === 0) return '';
  const rest = told.length > surprisesMax ? `, and ${told.length - surprisesMax} more like it` : '';
  return `; lawful surprises: ${told.slice(0, surprisesMax).join('; ')}${rest}`;
}

/** A voter that elected the winner by an epoch or a zxid the winner never brought, to this election or to another. */
function inventedVotes(
  { winner, epoch, round, ballots = [], endedNs, startedNs }: Election,
  all: readonly Election[],
): Wrong[] {
  const brought = all
    .flatMap((each) => each.ballots ?? [])
    .flatMap((ballot) => (ballot.sid === winner && ballot.brought ? [ballot.brought] : []));
  if (brought.length === 0) return [];
  return ballots.flatMap(({ sid, cast }) => {
    const vote = cast.find(
      (each) =>
        each.leader === winner &&
        each.round === round &&
        !brought.some(({ peerEpoch, zxid }) => peerEpoch === each.peerEpoch && zxid === each.zxid),
    );
    if (!vote) return [];
    return {
      title: `${nodeName(sid)} elected ${nodeName(winner!)} in epoch ${epoch} by what that never brought`,
      tell: `Its vote says epoch ${vote.peerEpoch} and zxid ${vote.zxid}; ${nodeName(winner!)} itself never proposed these.`,
      rows: [],
      servers: [sid, winner!],
      atNs: endedNs ?? startedNs,
    };
  });
}

/**
 * What was acknowledged in an earlier epoch, or before the election, is on a quorum, which every new leader's quorum meets:
 * the winner must have it.
 */
function withoutAcknowledged(evidence: Evidence, won: readonly Election[]): Wrong[] {
  const { history } = evidence;
  const rows = acknowledgedRows(accountOf(evidence));
  return won.flatMap(({ winner, epoch, ballots = [], endedNs, startedNs }) => {
    const own = ballots.findLast(({ sid, as }) => sid === winner && as === 'LEADING')?.brought;
    if (!own) return [];
    const last = Number(BigInt(own.zxid));
    const lacked = rows.filter(
      (row) =>
        history.zxid[row]! > last &&
        (epochOf(history.zxid[row]! as Zxid) < epoch! || history.returnedNs[row]! < startedNs),
    );
    const row = lacked.at(-1);
    if (row === undefined) return [];
    return {
      title: `${nodeName(winner!)} won epoch ${epoch} without ${count(lacked.length, 'acknowledged write')}, to zxid ${zxidText(history.zxid[row]!)}`,
      tell: `It had nothing after zxid ${own.zxid} when it was elected. The last of them: ${opWords(history, row)}.`,
      rows: [row],
      servers: [winner!],
      atNs: endedNs ?? startedNs,
    };
  });
}
