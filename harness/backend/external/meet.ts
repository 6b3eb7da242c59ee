import { Trouble } from '../../base/trouble.ts';
import type { Auth } from '../../client/auth.ts';
import { type CloseReason, describeReason } from '../../client/close-reason.ts';
import { addressOf } from '../../client/connect-string.ts';
import { errorName } from '../../client/errors.ts';
import { fourLetter, NoAnswer, parseSrvr, type Srvr } from '../../client/four-letter.ts';
import { Session } from '../../client/session.ts';

interface Address {
  host: string;
  port: number;
}

/** A server that gave us a session, and what it said of itself. */
export interface Met {
  address: Address;
  session: Session;
  /** Undefined when `srvr` is not answered: it is always in the whitelist, but something between may not let it through. */
  srvr: Extract<Srvr, { kind: 'serving' }> | undefined;
  /** Its server id: the high byte of the sessions it gives out (SessionTrackerImpl.initializeNextSession). */
  sid: number;
}

const connectMs = 5000;
const wordMs = 2000;

/** Opens a session on exactly this server. Throws a `Trouble` that says what stands there instead. */
export async function meet(address: Address, auth: Auth | undefined): Promise<Met> {
  const thing = `server ${addressOf(address)}`;
  const session = new Session({ timeoutMs: 10_000, connectMs });
  const { outcome, reason } = await session.open({ ...address, sid: 0 });
  if (outcome !== 'ok') throw await troubleOf(thing, address, reason!);
  if (auth) {
    const { error } = await session.addAuth(auth.scheme, auth.credentials);
    if (error !== 0) {
      session.destroySocket();
      const refused = `the server refuses it (${errorName(error)})`;
      throw new Trouble(
        `--auth ${auth.scheme}:…`,
        refused,
        'give a scheme that it knows, as digest:user:password',
      );
    }
  }
  const sid = Number(BigInt(`0x${session.id}`) >> 56n);
  // A server alone calls itself 0 or 1; 0 stands for "no server" in a history.
  return { address, session, srvr: await srvrOf(address), sid: sid || 1 };
}

async function srvrOf(address: Address): Promise<Met['srvr']> {
  const srvr = await askSrvr(address);
  return srvr?.kind === 'serving' ? srvr : undefined;
}

async function askSrvr(address: Address): Promise<Srvr | undefined> {
  try {
    return parseSrvr(await fourLetter(address, 'srvr', wordMs));
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}

/** The id in its own configuration: the high byte says nothing in 3.4.0 to 3.4.5 (ZOOKEEPER-1622). */
export async function configuredSid(address: Address): Promise<number | undefined> {
  try {
    const id = /^serverId=(\d+)$/m.exec(await fourLetter(address, 'conf', wordMs))?.[1];
    return id === undefined ? undefined : Number(id);
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}

const correct = 'start it, correct --servers, or leave it out';
const clientPort = 'give its client port (clientPort in zoo.cfg, mostly 2181)';
const noHost = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME'];

async function troubleOf(thing: string, address: Address, reason: CloseReason): Promise<Trouble> {
  const words = describeReason(reason);
  switch (reason.kind) {
    case 'refused': {
      if (noHost.includes(reason.detail))
        return new Trouble(thing, 'there is no such host', 'correct --servers');
      const what = reason.detail === 'ECONNREFUSED' ? 'nothing listens there' : words;
      return new Trouble(thing, what, correct);
    }
    case 'handshakeTimeout':
      return new Trouble(thing, words, `see that nothing filters the way there, and ${clientPort}`);
    case 'ended':
    case 'broken': {
      const srvr = await askSrvr(address);
      const alone = srvr?.kind === 'notServing' || (srvr?.kind === 'serving' && srvr.mode === 'read-only');
      if (alone) return new Trouble(thing, 'it runs, but hears no quorum', 'start more of its ensemble');
      const guesses = 'not a client port, one for TLS only, or its maxClientCnxns is reached';
      return new Trouble(thing, `${words} instead of giving a session (${guesses})`, clientPort);
    }
    default:
      return new Trouble(thing, words, clientPort);
  }
}
