import { callKey, calls, clientName, notesOf } from './client/notes.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { count, finding, opWords, report, seconds } from './words.ts';

const name = 'client-order';

/** Servers answer a connection in the order of its requests, so a library has no reason to call back in another one. */
export const clientOrder: Rule = {
  name,
  of: 'client',
  about: 'the client under test calls back in the order of the calls',
  guarantee: {
    quote:
      '"All completions for asynchronous calls and watcher callbacks will be made in order, one at a time."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "Java Binding"',
  },
  cannotSee: ['in what order watch events stand among the callbacks', 'the order of requests on the wire'],
  byDesign: ['a callback that never came has not been overtaken: client-answers tells it'],
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const client = clientName(evidence);
    const lost = new Set(
      notesOf(evidence, 'unanswered').map(({ session, calledNs }) => callKey(session, calledNs)),
    );
    const latest = new Map<number, number>();
    const wrong: { overtaken: number; by: number }[] = [];
    let pairs = 0;
    for (const row of calls(evidence)) {
      const session = history.session[row]!;
      if (lost.has(callKey(session, history.invokedNs[row]!))) continue;
      const by = latest.get(session);
      if (by === undefined || history.invokedNs[by]! < history.invokedNs[row]!) latest.set(session, row);
      else wrong.push({ overtaken: row, by });
      if (by !== undefined) pairs++;
    }
    const { findings, more } = report(wrong, ({ overtaken, by }) =>
      finding(evidence, {
        rule: name,
        title: `${client} called back out of turn (session ${history.session[by]}): the call of ${seconds(history.invokedNs[by]!)} before that of ${seconds(history.invokedNs[overtaken]!)}`,
        tell: `First called, last answered: ${opWords(history, overtaken)}. Called after it and answered before: ${opWords(history, by)}.`,
        rows: [overtaken, by],
        atNs: history.returnedNs[overtaken]!,
      }),
    );
    return {
      relevant: pairs,
      seen: `${count(pairs, 'consecutive pair')} of callbacks of ${client}${more}`,
      findings,
    };
  },
};
