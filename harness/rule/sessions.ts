import { type OpKind, opKinds, outcomes } from '../history/op.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { accountOf } from './tree/account.ts';
import { answer } from './tree/roles.ts';
import type { SessionLife } from './tree/sessions.ts';
import { count, finding, opWords, report, seconds, zxidText } from './words.ts';

const name = 'sessions';

interface Revived {
  life: SessionLife;
  /** Where it ended, and what it was answered behind that. */
  end: number;
  row: number;
}

const ok = outcomes.indexOf('ok');
const [connect, close] = (['connect', 'close'] as const satisfies OpKind[]).map((kind) =>
  opKinds.indexOf(kind),
);

/**
 * A session that is over stays over. Its close is a transaction, so nothing of it may be answered from a later state;
 * and once a server has told a client that its session has expired, no server may serve that session again.
 */
export const sessions: Rule = {
  name,
  about: 'a session that was closed or has expired is never served again',
  guarantee: {
    quote:
      '"Session expiration is managed by the ZooKeeper cluster itself, not by the client. [...] At session expiration the cluster will delete any/all ephemeral nodes owned by that session and immediately notify any/all connected clients of the change (anyone watching those znodes). At this point the client of the expired session is still disconnected from the cluster, it will not be notified of the session expiration until/unless it is able to re-establish a connection to the cluster."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "ZooKeeper Sessions"',
  },
  cannotSee: [
    'whether a session expires in time, or at all: a leader that dies starts all timeouts anew',
    'sessions that nobody closed and whose clients never asked again',
  ],
  byDesign: [
    'an expired session may hold its ephemerals for a while after its client was told: the leader answers before the end is committed, and the answer of one that was frozen or cut off does not bind the next',
  ],
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const account = accountOf(evidence);
    const { all } = account.sessions;
    const ended = all.filter(({ closeRow, expiredNs }) => closeRow >= 0 || expiredNs !== undefined);
    const expired = all.filter(({ expiredNs }) => expiredNs !== undefined).length;
    const { findings, more } = report(revivedIn(evidence), ({ life, end, row }) => {
      const { session, id, closeZxid, expiredNs } = life;
      const how =
        expiredNs === undefined
          ? `was closed at zxid ${zxidText(closeZxid)}`
          : `had expired, as its client was told at ${seconds(expiredNs)}`;
      return finding(evidence, {
        rule: name,
        title: `session ${session} was served after its end`,
        tell: `It (${id ?? 'without an id'}) ${how}: ${opWords(history, end)}. Behind that it was answered: ${opWords(history, row)}.`,
        rows: [end, row],
        atNs: history.returnedNs[row]!,
      });
    });
    return {
      relevant: ended.length,
      seen: `${count(all.length, 'session')}, ${ended.length - expired} closed and ${expired} expired${more}`,
      findings,
    };
  },
};

/** The first answer of each session from behind its end. */
function revivedIn(evidence: Evidence): Revived[] {
  const { history } = evidence;
  const { roles, sessions } = accountOf(evidence);
  const found = new Map<SessionLife, Revived>();
  for (let row = 0; row < history.length; row++) {
    const life = sessions.all[sessions.placeOf[row]!]!;
    const isServed = roles[row]! >= answer || (history.kind[row] === connect && history.outcome[row] === ok);
    if (!isServed || found.has(life)) continue;
    const { closeZxid, closeRow, expiredNs, expiredRow } = life;
    if (closeZxid > 0 && row !== closeRow && history.zxid[row]! > closeZxid) {
      found.set(life, { life, end: closeRow, row });
    } else if (
      closeRow >= 0 &&
      history.kind[row] !== close &&
      history.invokedNs[row]! > history.returnedNs[closeRow]!
    ) {
      found.set(life, { life, end: closeRow, row });
    } else if (expiredNs !== undefined && history.invokedNs[row]! > expiredNs) {
      found.set(life, { life, end: expiredRow, row });
    }
  }
  return [...found.values()];
}
