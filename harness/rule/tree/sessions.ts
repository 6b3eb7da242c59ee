import type { History } from '../../history/history.ts';
import { epochOf, opKinds, outcomes, type Zxid } from '../../history/op.ts';
import type { Epoch } from './epochs.ts';
import { answer, type Roles, write } from './roles.ts';
import { bare } from './stats.ts';

/** What the history knows about one session. */
export interface SessionLife {
  session: number;
  /** Its place among all sessions, from 0. */
  place: number;
  /** ZooKeeper's id, as `Stats.ownerOf` prints it; undefined when it never connected. */
  id: string | undefined;
  timeoutMs: number;
  /** Zxid of the acknowledged close; 0 without one. */
  closeZxid: number;
  closeRow: number;
  /** When the client was told that the session is gone. */
  expiredNs: number | undefined;
  expiredRow: number;
  /** Highest zxid of a transaction of its own, the close included: up to here it certainly lived. */
  aliveZxid: number;
  /** When an answer of any kind came last. */
  heardNs: number;
}

/** Whether the session may have been over at `zxid`: it was closed by then, or nothing shows that it lived then. */
export const mayBeOver = ({ closeZxid, aliveZxid }: SessionLife, zxid: number) =>
  closeZxid > 0 ? closeZxid <= zxid : aliveZxid < zxid;

/** Twice the timeout: expiry is rounded up to the next tick, and the leader tells the client before the end is committed. */
const graceNs = ({ timeoutMs }: SessionLife) => 2 * timeoutMs * 1e6;

/**
 * Whether a session must be over in a state of this zxid that was asked for at that time. One that was closed is, from the
 * transaction of its close on. One that was told to have expired may live on where another leads: a leader that was frozen
 * or cut off says so of sessions that came through to the next, and each leader begins to count anew. So some leader must
 * have led for long enough after the client was told.
 */
export function hasSurelyEnded(
  life: SessionLife,
  zxid: number,
  atNs: number,
  epochs: readonly Epoch[],
): boolean {
  const { closeZxid, expiredNs } = life;
  if (closeZxid > 0) return closeZxid <= zxid;
  if (expiredNs === undefined) return false;
  const current = epochOf(zxid as Zxid);
  return epochs.some(({ epoch, seenNs, ledNs }) => {
    const untilNs = epoch === current ? atNs : ledNs;
    return epoch <= current && Math.max(expiredNs, seenNs) + graceNs(life) < untilNs;
  });
}

export interface Sessions {
  all: readonly SessionLife[];
  /** Place of each row's session. */
  placeOf: Int32Array;
  of(session: number): SessionLife;
  /** By the owner in a Stat; undefined for a session that is not in the history. */
  owning(id: string): SessionLife | undefined;
}

const [connect, close, expired] = (['connect', 'close', 'expired'] as const).map((kind) =>
  opKinds.indexOf(kind),
);
const ok = outcomes.indexOf('ok');

export function sessionsOf(history: History, roles: Roles): Sessions {
  const all: SessionLife[] = [];
  const places = new Map<number, SessionLife>();
  const owners = new Map<string, SessionLife>();
  const placeOf = new Int32Array(history.length);
  /** The last session met for each of these many endings of its number: a look-up in a map would cost more than all else here. */
  const met = new Array<SessionLife | undefined>(1024).fill(undefined);
  for (let row = 0; row < history.length; row++) {
    const session = history.session[row]!;
    let life = met[session & 1023];
    if (life?.session !== session) {
      life = places.get(session) ?? begun(session, all, places);
      met[session & 1023] = life;
    }
    placeOf[row] = life.place;
    const zxid = history.zxid[row]!;
    if (zxid > life.aliveZxid && roles[row] === write) life.aliveZxid = zxid;
    if (roles[row]! >= answer && history.returnedNs[row]! > life.heardNs)
      life.heardNs = history.returnedNs[row]!;
    if (history.outcome[row] !== ok) continue;
    const kind = history.kind[row];
    if (kind === connect) {
      life.id = bare(history.result(row) ?? '0');
      life.timeoutMs = history.version[row]!;
      owners.set(life.id, life);
    } else if (kind === close) {
      life.closeZxid = zxid;
      life.closeRow = row;
    } else if (kind === expired) {
      life.expiredNs = history.returnedNs[row]!;
      life.expiredRow = row;
    }
  }
  const of = (session: number) => {
    const known = places.get(session);
    if (!known) throw new Error(`session ${session} is not in the history`);
    return known;
  };
  return { all, placeOf, of, owning: (id) => owners.get(bare(id)) };
}

function begun(session: number, all: SessionLife[], places: Map<number, SessionLife>): SessionLife {
  const life: SessionLife = {
    session,
    place: all.length,
    id: undefined,
    timeoutMs: 0,
    closeZxid: 0,
    closeRow: -1,
    expiredNs: undefined,
    expiredRow: -1,
    aliveZxid: 0,
    heardNs: 0,
  };
  all.push(life);
  places.set(session, life);
  return life;
}
