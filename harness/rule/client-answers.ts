import { callKey, calls, clientName, notesOf, rowsByCall } from './client/notes.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { count, finding, opWords, report } from './words.ts';

const name = 'client-answers';

interface Wrong {
  row: number;
  atNs: number;
  severity: 'violation' | 'gap';
  title: string;
  tell: string;
}

/**
 * A library calls back once for every call, with an error if need be: when the connection is lost, the session over, or
 * the client closed. When all servers serve again and a session timeout has passed, there is nothing left to wait for.
 * And it asks the servers for what it was asked for.
 */
export const clientAnswers: Rule = {
  name,
  of: 'client',
  about: 'the client under test calls back once for every call, and sends what it was asked to send',
  guarantee: {
    quote:
      '"completion the routine to invoke when the request completes. The completion will be triggered with one of the following codes passed in as the rc argument"',
    source: 'zookeeper.h of the C client, zoo_acreate and every other asynchronous call',
  },
  cannotSee: [
    'a request that a library changes without its adapter knowing',
    'a callback that comes late, as long as it comes',
  ],
  byDesign: ['what an adapter knows its library to change is a gap, and servers are judged by what was sent'],
  judge(evidence: Evidence): Judgement {
    const client = clientName(evidence);
    const rows = calls(evidence);
    const wrong = [...lost(evidence, client), ...repeated(evidence, client), ...altered(evidence, client)];
    wrong.sort((a, b) => a.atNs - b.atNs);
    const { findings, more } = report(wrong, ({ row, tell, ...rest }) =>
      finding(evidence, {
        ...rest,
        rule: name,
        tell: `The call: ${opWords(evidence.history, row)}. ${tell}`,
        rows: [row],
      }),
    );
    const lacking = [...new Set(notesOf(evidence, 'opened').flatMap(({ lacks }) => lacks))];
    const has = lacking.length > 0 ? `; it has no ${lacking.join(', no ')}` : '';
    return {
      relevant: rows.length,
      seen: `${count(rows.length, 'call')} of ${client}${has}${more}`,
      findings,
    };
  },
};

function lost(evidence: Evidence, client: string): Wrong[] {
  const { history } = evidence;
  const rows = rowsByCall(evidence);
  const ended = new Set(notesOf(evidence, 'ended').flatMap(({ asked, session }) => (asked ? [] : [session])));
  const crashed = new Set(notesOf(evidence, 'crashed').map(({ session }) => session));
  return notesOf(evidence, 'unanswered').flatMap(({ session, calledNs, kind, waitedMs, atNs }) => {
    const row = rows.get(callKey(session, calledNs));
    // What a crash left open is the crash's doing.
    if (row === undefined || crashed.has(session)) return [];
    const path = history.paths[history.path[row]!]!;
    const since = ended.has(session)
      ? `${waitedMs / 1000} s after it had said that its session is over`
      : `${waitedMs / 1000} s after all servers served again`;
    return {
      row,
      atNs,
      severity: 'violation' as const,
      title: `${client} lost a callback: ${kind}${path === '' ? '' : ` of ${path}`} (session ${session}) was never answered`,
      tell: `It had not called back ${since}, with neither an answer nor an error.`,
    };
  });
}

function repeated(evidence: Evidence, client: string): Wrong[] {
  const rows = rowsByCall(evidence);
  return notesOf(evidence, 'again').flatMap(({ session, calledNs, atNs }) => {
    const row = rows.get(callKey(session, calledNs));
    if (row === undefined) return [];
    return {
      row,
      atNs,
      severity: 'violation' as const,
      title: `${client} called back twice for one call (session ${session})`,
      tell: 'One request has one answer.',
    };
  });
}

/** What an adapter knows its library to change. Each way of changing a request is told once. */
function altered(evidence: Evidence, client: string): Wrong[] {
  const rows = rowsByCall(evidence);
  const seen = new Map<string, { row: number; atNs: number; times: number }>();
  for (const { session, calledNs, why, atNs } of notesOf(evidence, 'instead')) {
    const known = seen.get(why);
    const row = rows.get(callKey(session, calledNs));
    if (known) known.times++;
    else if (row !== undefined) seen.set(why, { row, atNs, times: 1 });
  }
  return [...seen].map(([why, { row, atNs, times }]) => ({
    row,
    atNs,
    severity: 'gap' as const,
    title: `${client} sent something else than it was asked for, ${count(times, 'time')}: ${why}`,
    tell: 'The row shows what it sent, so that the servers are judged by that.',
  }));
}
