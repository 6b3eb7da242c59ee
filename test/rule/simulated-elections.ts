import { epochOf, formatZxid, type Zxid } from '../../harness/history/op.ts';
import type { Ballot, Election, Reign, Vote } from '../../harness/ledger/ledger.ts';

/** Long before the end of an election, so that nobody may plead that it came too late. */
const searchNs = 1e9;
const round = 7;

/**
 * A lawful election for each reign: the leader brings everything that was committed before, its supporters the same, or
 * one transaction less where their higher id would decide for them.
 */
export function simulatedElections(reigns: readonly Reign[], committed: readonly number[]): Election[] {
  return reigns.map((reign) => {
    const { leader, epoch, establishedNs, supporters } = reign;
    const before = committed.filter((zxid) => epochOf(zxid as Zxid) < epoch).at(-1) ?? 0;
    const peerEpoch = epoch - 1;
    const best = { leader, zxid: zxidText(before + 1), peerEpoch, round };
    const startedNs = establishedNs - searchNs;
    const settledNs = establishedNs - 1e6;
    const ballots = supporters.map((sid): Ballot => {
      const own = { leader: sid, zxid: zxidText(sid > leader ? before : before + 1), peerEpoch, round };
      const cast = sid === leader ? [best] : [own, best];
      return {
        sid,
        fromNs: startedNs,
        settledNs,
        as: sid === leader ? 'LEADING' : 'FOLLOWING',
        brought: { peerEpoch, zxid: own.zxid },
        cast: cast.map((vote, i) => ({ atNs: startedNs + (i + 1) * 1e7, ...vote })),
      };
    });
    return {
      startedNs,
      endedNs: establishedNs,
      winner: leader,
      epoch,
      participants: supporters,
      votes: ballots.flatMap(({ sid, cast }) => heardByAll(sid, cast, supporters)),
      syncs: [],
      ballots,
      round,
      electors: supporters,
    };
  });
}

function heardByAll(from: number, cast: Ballot['cast'], all: readonly number[]): Vote[] {
  return cast.flatMap((vote) => all.map((seenBy): Vote => ({ ...vote, seenBy, from, fromState: 'LOOKING' })));
}

const zxidText = (zxid: number) => formatZxid(zxid as Zxid);
