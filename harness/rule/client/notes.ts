import type { ClientDeed, ClientNote } from '../../client/foreign/note.ts';
import { type OpKind, opKinds, outcomes } from '../../history/op.ts';
import type { Evidence } from '../rule.ts';
import { listed } from '../words.ts';

export type NoteOf<N extends ClientDeed['note']> = Extract<ClientNote, { note: N }>;

export function notesOf<N extends ClientDeed['note']>({ clients = [] }: Evidence, note: N): NoteOf<N>[] {
  return clients.filter((each): each is NoteOf<N> => each.note === note);
}

/** "the client zookeeper 7.3.0". */
export function clientName(evidence: Evidence): string {
  const names = new Set(notesOf(evidence, 'opened').map(({ client, version }) => `${client} ${version}`));
  return names.size === 0 ? 'the client' : `the client ${listed([...names])}`;
}

const uncalled: ReadonlySet<OpKind> = new Set(['connect', 'close', 'expired', 'event']);
const isCall = Uint8Array.from(opKinds, (kind) => Number(!uncalled.has(kind)));
const notSent = outcomes.indexOf('notSent');

/** Rows of calls that the library took on, in the order of the file, which is that of its callbacks. */
export function calls(evidence: Evidence): number[] {
  const { history } = evidence;
  const own = new Set(notesOf(evidence, 'opened').map(({ session }) => session));
  const rows: number[] = [];
  for (let row = 0; row < history.length; row++) {
    if (
      own.has(history.session[row]!) &&
      isCall[history.kind[row]!] === 1 &&
      history.outcome[row] !== notSent
    )
      rows.push(row);
  }
  return rows;
}

/** A call by its session and time of invocation. */
export const callKey = (session: number, calledNs: number) => `${session} ${calledNs}`;

export function rowsByCall(evidence: Evidence): ReadonlyMap<string, number> {
  const { session, invokedNs } = evidence.history;
  return new Map(calls(evidence).map((row) => [callKey(session[row]!, invokedNs[row]!), row]));
}
