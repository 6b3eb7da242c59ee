import type { History } from '../history/history.ts';
import { nodeName } from '../topology/topology.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { accountOf } from './tree/account.ts';
import { isAnswer, isOrderedWrite } from './tree/bounds.ts';
import { count, finding, opWords, report, zxidText } from './words.ts';

const name = 'session-order';

interface Step {
  row: number;
  zxid: number;
  write: boolean;
}

/** Header zxids of one session, in the order its client sent: they never fall, and rise into every update. */
export const sessionOrder: Rule = {
  name,
  about: 'each session sees time go forward, on whichever server, and its updates apply in the order sent',
  guarantee: {
    quote:
      '"Sequential Consistency: Updates from a client will be applied in the order that they were sent." "Single System Image: A client will see the same view of the service regardless of the server that it connects to. i.e., a client will never see an older view of the system even if the client fails over to a different server with the same session."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "Consistency Guarantees"',
  },
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const { sent, lost } = accountOf(history);
    const seenAt = new Map(lost.filter(({ zxid }) => zxid > 0).map(({ row, zxid }) => [row, zxid]));
    const wrong: [Step, Step][] = [];
    let relevant = 0;
    let moves = 0;
    for (const rows of sent.values()) {
      const steps = answersIn(history, rows);
      relevant += Math.max(0, steps.length - 1);
      wrong.push(...backward(steps), ...outOfTurn(rows, seenAt, history));
      for (let i = 1; i < steps.length; i++) {
        if (history.server[steps[i]!.row] !== history.server[steps[i - 1]!.row]) moves++;
      }
    }
    wrong.sort(([, a], [, b]) => history.returnedNs[a.row]! - history.returnedNs[b.row]!);
    const { findings, more } = report(wrong, ([before, after]) => {
      const [one, other] = [before, after].map(({ row }) => nodeName(history.server[row]!));
      return finding(evidence, {
        rule: name,
        title:
          `session ${history.session[after.row]} went back from zxid ${zxidText(before.zxid)} on ${one} ` +
          `to ${zxidText(after.zxid)} on ${other}`,
        tell:
          `First came ${opWords(history, before.row)}; sent after it: ${opWords(history, after.row)}. ` +
          (after.write
            ? 'An update must stand behind everything its session sent before it.'
            : 'A session must never see an older state than it has seen.'),
        rows: [before.row, after.row],
        zxids: [before.zxid, after.zxid],
        atNs: history.returnedNs[after.row]!,
      });
    });
    return {
      relevant,
      seen: `${count(relevant, 'consecutive pair')} of answers in ${count(sent.size, 'session')}, ${count(moves, 'change')} of server${more}`,
      findings,
    };
  },
};

function answersIn(history: History, rows: readonly number[]): Step[] {
  return rows
    .filter((row) => isAnswer(history, row))
    .map((row) => ({ row, zxid: history.zxid[row]!, write: isOrderedWrite(history, row) }));
}

/** Each answer against the highest before it. */
function backward(steps: readonly Step[]): [Step, Step][] {
  const wrong: [Step, Step][] = [];
  let highest = steps[0];
  for (const step of steps.slice(1)) {
    const falls = step.write ? step.zxid <= highest!.zxid : step.zxid < highest!.zxid;
    if (falls) wrong.push([highest!, step]);
    if (step.zxid >= highest!.zxid) highest = step;
  }
  return wrong;
}

/** Updates without an answer that were seen applied: between the updates its session sent before and after. */
function outOfTurn(
  rows: readonly number[],
  seenAt: ReadonlyMap<number, number>,
  history: History,
): [Step, Step][] {
  const wrong: [Step, Step][] = [];
  let highest: Step | undefined;
  for (const row of rows) {
    const lostAt = seenAt.get(row);
    if (lostAt === undefined && !isOrderedWrite(history, row)) continue;
    const step: Step = { row, zxid: lostAt ?? history.zxid[row]!, write: true };
    const involvesLost = lostAt !== undefined || (highest !== undefined && seenAt.has(highest.row));
    if (highest && step.zxid <= highest.zxid && involvesLost) wrong.push([highest, step]);
    if (!highest || step.zxid > highest.zxid) highest = step;
  }
  return wrong;
}
