import { clientName, type NoteOf, notesOf } from './client/notes.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { count, finding, report, seconds, zxidText } from './words.ts';

const name = 'client-sessions';

interface Wrong {
  title: string;
  tell: string;
  atNs: number;
  severity?: 'gap';
  servers?: number[];
}

/**
 * Only the servers end a session. Whenever a library says that its session is over, the harness presents that session to
 * a server over the wire: one that is still known there had not ended. The logs tell which ends the library itself asked for.
 */
export const clientSessions: Rule = {
  name,
  of: 'client',
  about: 'the client under test tells no end of a session that did not happen, and does not crash',
  guarantee: {
    quote:
      '"Session expiration is managed by the ZooKeeper cluster itself, not by the client. [...] Expirations happens when the cluster does not hear from the client within the specified session timeout period (i.e. no heartbeat)."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "ZooKeeper Sessions"',
  },
  cannotSee: ['an end told after which no server could be asked for 15 s: inconclusive'],
  byDesign: [
    'with a leader change about the time of the end, a server may have told it before it was committed: a gap',
  ],
  judge(evidence: Evidence): Judgement {
    const client = clientName(evidence);
    const opened = notesOf(evidence, 'opened');
    const ended = notesOf(evidence, 'ended');
    const presented = new Map(notesOf(evidence, 'presented').map((note) => [note.session, note]));
    const wrong = [
      ...notesOf(evidence, 'crashed').map((note) => crash(client, note)),
      ...ended.flatMap((note) => falseEnd(evidence, client, note, presented.get(note.session))),
      ...ended.flatMap((note) => ownEnd(evidence, client, note)),
      ...otherSessions(evidence, client),
    ].sort((a, b) => a.atNs - b.atNs);
    const { findings, more } = report(wrong, (each) => finding(evidence, { rule: name, ...each }));
    const expired = ended.filter(({ how }) => how === 'expired').length;
    const open = ended.filter(({ session }) => presented.get(session)?.alive === null).length;
    return {
      relevant: opened.length,
      seen: `${count(opened.length, 'session')} of ${client}, ${expired} told as expired${more}`,
      findings,
      ...(open > 0 && {
        inconclusive: `no server said whether ${count(open, 'session')} had ended`,
      }),
    };
  },
};

function crash(client: string, { session, how, atNs }: NoteOf<'crashed'>): Wrong {
  const signal = how.split(':')[0];
  return {
    title: `${client} crashed its process (session ${session}): ${signal}`,
    tell: `Its last words: ${how}.`,
    atNs,
  };
}

function falseEnd(
  evidence: Evidence,
  client: string,
  { session, how, asked, atNs }: NoteOf<'ended'>,
  found: NoteOf<'presented'> | undefined,
): Wrong[] {
  if (!found?.alive) return [];
  const server = `the server zk${found.server} still knew it at ${seconds(found.atNs)}`;
  if (asked) {
    return [
      {
        title: `${client} said that it had closed session ${session}, which no server was told`,
        tell: `It was asked to close its session and said at ${seconds(atNs)} that it had; ${server}. Its ephemerals would have stayed until the session timeout.`,
        atNs,
        servers: [found.server],
      },
    ];
  }
  // A leader tells the client before the end is committed; when it dies in between, the session lives on.
  const { ledger } = evidence;
  const sinceNs = leadersMatterSince(evidence, session, atNs);
  const changed = ledger.reigns.some(
    ({ establishedNs }) => establishedNs > sinceNs && establishedNs < found.atNs,
  );
  return [
    {
      title: `${client} reported the end of session ${session} (${how}), which did not happen`,
      tell: changed
        ? `It said so at ${seconds(atNs)}; ${server}. The leader changed about that time, so a server may have said so to the client first.`
        : `It said so at ${seconds(atNs)}; ${server}.`,
      atNs,
      servers: [found.server],
      ...(changed && { severity: 'gap' as const }),
    },
  ];
}

/** Two session timeouts back, but not before it connected: what was over by then is no excuse. */
function leadersMatterSince(evidence: Evidence, session: number, atNs: number): number {
  const connected = notesOf(evidence, 'connected').find((note) => note.session === session);
  return connected ? Math.max(connected.atNs, atNs - 2e6 * connected.timeoutMs) : atNs;
}

/** An expiry is the leader's own transaction (cxid 0, ZooKeeperServer.close); one with a request number was asked for. */
function ownEnd(
  { clients = [], transactions }: Evidence,
  client: string,
  { session, how, asked, atNs }: NoteOf<'ended'>,
): Wrong[] {
  if (asked || how !== 'expired') return [];
  const ids = clients.flatMap((note) =>
    note.note === 'connected' && note.session === session ? [note.id] : [],
  );
  const revived = clients.some((note) => note.note === 'presented' && note.session === session && note.alive);
  const close = transactions?.rows.find(
    ({ transaction }) => transaction.type === 'closeSession' && ids.includes(transaction.session),
  )?.transaction;
  if (revived || !close || close.cxid === 0) return [];
  return [
    {
      title: `${client} closed session ${session} itself and called it expired`,
      tell: `It told the end at ${seconds(atNs)}; the servers' logs show at zxid ${zxidText(close.zxid)} that the client asked for it.`,
      atNs,
    },
  ];
}

/** A library that reconnects comes back with its session or says that it is over. */
function otherSessions({ clients = [] }: Evidence, client: string): Wrong[] {
  const first = new Map<number, string>();
  return clients.flatMap((note) => {
    if (note.note !== 'connected') return [];
    const id = first.get(note.session) ?? note.id;
    first.set(note.session, note.id);
    if (id === note.id) return [];
    return {
      title: `${client} took a new session (${note.id}) for ${id} without saying that it had ended`,
      tell: `It reconnected at ${seconds(note.atNs)} as if nothing had happened.`,
      atNs: note.atNs,
    };
  });
}
