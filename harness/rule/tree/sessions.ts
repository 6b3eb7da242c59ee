import type { History } from '../../history/history.ts';
import { opKinds, outcomes } from '../../history/op.ts';
import { isOrderedWrite } from './bounds.ts';

/** What the history knows about one session. */
export interface SessionLife {
  session: number;
  /** ZooKeeper's id, as `Stat.ephemeralOwner` prints it; undefined when it never connected. */
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
  /** Last time an answer of any kind came. */
  lastHeardNs: number;
}

/** Whether the session may have been over at `zxid`: it was closed by then, or nothing shows that it lived then. */
export const mayBeOver = ({ closeZxid, aliveZxid }: SessionLife, zxid: number) =>
  closeZxid > 0 ? closeZxid <= zxid : aliveZxid < zxid;

export interface Sessions {
  of(session: number): SessionLife;
  /** By the owner in a Stat; undefined for a session that is not in the history. */
  owning(id: string): SessionLife | undefined;
  all(): Iterable<SessionLife>;
}

export function sessionsOf(history: History): Sessions {
  const lives = new Map<number, SessionLife>();
  const owners = new Map<string, SessionLife>();
  const [connect, close, expired] = (['connect', 'close', 'expired'] as const).map((kind) =>
    opKinds.indexOf(kind),
  );
  const ok = outcomes.indexOf('ok');
  const of = (session: number): SessionLife => {
    const known = lives.get(session);
    if (known) return known;
    const life: SessionLife = {
      session,
      id: undefined,
      timeoutMs: 0,
      closeZxid: 0,
      closeRow: -1,
      expiredNs: undefined,
      expiredRow: -1,
      aliveZxid: 0,
      lastHeardNs: 0,
    };
    lives.set(session, life);
    return life;
  };
  for (let row = 0; row < history.length; row++) {
    const life = of(history.session[row]!);
    const kind = history.kind[row]!;
    const done = history.outcome[row] === ok;
    if (done && kind !== expired) life.lastHeardNs = Math.max(life.lastHeardNs, history.returnedNs[row]!);
    if (isOrderedWrite(history, row)) life.aliveZxid = Math.max(life.aliveZxid, history.zxid[row]!);
    if (!done) continue;
    if (kind === connect) {
      life.id = ownerText(history.result(row) ?? '0');
      life.timeoutMs = history.version[row]!;
      owners.set(life.id, life);
    } else if (kind === close) {
      life.closeZxid = history.zxid[row]!;
      life.closeRow = row;
    } else if (kind === expired) {
      life.expiredNs = history.returnedNs[row]!;
      life.expiredRow = row;
    }
  }
  return { of, owning: (id) => owners.get(ownerText(id)), all: () => lives.values() };
}

/** Session ids are compared without leading zeros and prefix. */
const ownerText = (id: string) => id.replace(/^0x/, '').replace(/^0+(?=.)/, '');
