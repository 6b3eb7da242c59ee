import type Docker from 'dockerode';
import { messageOf, Trouble } from '../../base/trouble.ts';
import { loadDockerode } from './load-dockerode.ts';

const Client = loadDockerode();

/** How to reach an engine; plain data, so that other processes can be told. Certificates are PEM text. */
export interface EngineAddress {
  socketPath?: string;
  host?: string;
  port?: number;
  protocol?: 'http' | 'https';
  ca?: string;
  cert?: string;
  key?: string;
}

/** Engines answer simple requests in a few ms; one that swaps or pulls may take much longer. */
const answerMs = 30_000;

export function openEngine(address: EngineAddress): Docker {
  return new Client(address);
}

/**
 * One request to the engine. What the engine or its machine got wrong comes back as `Trouble`; so does no answer within
 * `deadlineMs`. `doing` reads after "while": "creating the network".
 */
export async function ask<T>(doing: string, request: Promise<T>, deadlineMs = answerMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Silent(`no answer within ${deadlineMs / 1000} s`)), deadlineMs);
  });
  try {
    return await Promise.race([request, late]);
  } catch (error) {
    throw explain(error, doing);
  } finally {
    clearTimeout(timer);
  }
}

class Silent extends Error {}

/** An answer the caller knows how to deal with, by its HTTP status. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Trouble ? error.cause : error;
  const status = (cause as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** What engines say, and what a user can do about it; the first that fits counts. */
const known: readonly { says: RegExp; thing: string; remedy: string }[] = [
  {
    says: /no space left on device|disk quota exceeded/i,
    thing: 'Docker engine, its disk is full',
    remedy: 'make room (docker system df, docker system prune) and run again',
  },
  {
    says: /port is already allocated|address already in use|failed to bind port/i,
    thing: 'Docker engine, port taken',
    remedy: 'another program took the port in between; run again',
  },
  {
    says: /exec format error|does not match the (?:detected|specified|host)/i,
    thing: 'image, wrong architecture',
    remedy: 'use an image made for the architecture of the engine',
  },
  {
    says: /executable file not found|no such file or directory.*unknown/i,
    thing: 'image, program missing',
    remedy: 'use an image that has it (see docs/docker.md)',
  },
  {
    says: /permission denied.*docker\.sock|connect EACCES/i,
    thing: 'Docker engine, no permission',
    remedy: 'join the group docker, or use a rootless engine',
  },
];

/** What the engine said, without what dockerode puts before it: "(HTTP code 500) server error - ". */
export const wordsOf = (error: unknown) =>
  messageOf(error)
    .replace(/^\(HTTP code \d+\)[^-]*- /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');

const gone = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH']);

export function explain(error: unknown, doing: string): unknown {
  if (error instanceof Trouble || error instanceof TypeError) return error;
  const words = wordsOf(error);
  const trouble = knownTrouble(words, doing, error);
  if (trouble) return trouble;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (gone.has(code) || error instanceof Silent || /socket hang up/.test(words)) {
    const remedy = 'see that it runs (docker version) and run again';
    return new Trouble('Docker engine', `does not answer (${words}) while ${doing}`, remedy, {
      cause: error,
    });
  }
  return new Trouble('Docker engine', `${words} (while ${doing})`, 'see its log for more', { cause: error });
}

/** What these words mean, where they are known to mean something. */
export function knownTrouble(words: string, doing: string, cause?: unknown): Trouble | undefined {
  const fit = known.find(({ says }) => says.test(words));
  return fit && new Trouble(fit.thing, `${words} (while ${doing})`, fit.remedy, { cause });
}
