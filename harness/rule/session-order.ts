import type { History } from '../history/history.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import { answer, write } from './tree/roles.ts';
import type { Lost } from './tree/updates.ts';
import { count, finding, onServer, opWords, report, zxidText } from './words.ts';

const name = 'session-order';

/** A row with the zxid at which it stands: its header's, or where others saw it. */
interface Step {
  row: number;
  zxid: number;
}
interface Fall {
  before: Step;
  after: Step;
  why: string;
}

const update = 'An update must stand behind everything its session sent before it.';
const older = 'A session must never see an older state than it has seen.';

/** Header zxids of one session, in the order its client sent: they never fall, and rise into every update. */
export const sessionOrder: Rule = {
  name,
  about: 'each session sees time go forward, on whichever server, and its updates apply in the order sent',
  guarantee: {
    quote:
      '"Sequential Consistency: Updates from a client will be applied in the order that they were sent." "Single System Image: A client will see the same view of the service regardless of the server that it connects to. i.e., a client will never see an older view of the system even if the client fails over to a different server with the same session."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "Consistency Guarantees"',
  },
  cannotSee: [
    'pings: their replies carry zxids, too, and are not recorded',
    'of clients that hide the zxids of replies: a step back within what one Stat leaves open',
  ],
  byDesign: [
    'two sessions may see the same change at different times: the promise is to each alone',
    'that a session never goes back when it moves to another server rests on its client, which says what it has seen last; ours always does',
  ],
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const account = accountOf(evidence);
    const { all } = account.sessions;
    const { wrong, answers, moves } = walk(history, account);
    wrong.push(...lostOutOfTurn(history, account.lost));
    const relevant = answers.reduce((sum, each) => sum + Math.max(0, each - 1), 0);
    wrong.sort((a, b) => history.returnedNs[a.after.row]! - history.returnedNs[b.after.row]!);
    const { findings, more } = report(wrong, ({ before, after, why }) => {
      const [one, other] = [before, after].map(({ row }) => onServer(history, row));
      return finding(evidence, {
        rule: name,
        title:
          `session ${history.session[after.row]} went back from zxid ${zxidText(before.zxid)}${one} ` +
          `to ${zxidText(after.zxid)}${other}`,
        tell: `First came ${opWords(history, before.row)}; sent after it: ${opWords(history, after.row)}. ${why}`,
        rows: [before.row, after.row],
        zxids: [before.zxid, after.zxid],
        atNs: history.returnedNs[after.row]!,
      });
    });
    return {
      relevant,
      seen: `${count(relevant, 'consecutive pair')} of answers in ${count(all.length, 'session')}, ${count(moves, 'change')} of server${more}`,
      findings,
    };
  },
};

/** Each answer of a session against the highest before it. */
function walk(
  history: History,
  { roles, time, sessions }: Account,
): { answers: Int32Array; moves: number; wrong: Fall[] } {
  const sessionCount = sessions.all.length;
  const answers = new Int32Array(sessionCount);
  const highest = new Int32Array(sessionCount).fill(-1);
  const last = new Int32Array(sessionCount).fill(-1);
  const { zxid, server } = history;
  const wrong: Fall[] = [];
  let moves = 0;
  for (const row of time.sent) {
    if (roles[row]! < answer) continue;
    const place = sessions.placeOf[row]!;
    answers[place]!++;
    const before = last[place]!;
    last[place] = row;
    if (before >= 0 && server[before] !== server[row]) moves++;
    const top = highest[place]!;
    if (top < 0 || zxid[row]! > zxid[top]!) highest[place] = row;
    else if (roles[row] === write || zxid[row]! < zxid[top]!) {
      wrong.push({
        before: stepAt(history, top),
        after: stepAt(history, row),
        why: roles[row] === write ? update : older,
      });
    }
  }
  return { answers, moves, wrong };
}

const stepAt = (history: History, row: number): Step => ({ row, zxid: history.zxid[row]! });

/**
 * Updates without an answer that are known to be applied. That they stand behind what was answered before them and ahead of
 * the updates after them is how they were found; among each other they must rise too.
 */
function lostOutOfTurn(history: History, lost: readonly Lost[]): Fall[] {
  const { invokedNs, xid } = history;
  const seen = lost.filter(({ zxid }) => zxid > 0);
  seen.sort(
    (a, b) => a.session - b.session || invokedNs[a.row]! - invokedNs[b.row]! || xid[a.row]! - xid[b.row]!,
  );
  return seen.flatMap((after, i) => {
    const before = seen[i - 1];
    const falls = before?.session === after.session && before.zxid >= after.zxid;
    return falls ? [{ before, after, why: update }] : [];
  });
}
