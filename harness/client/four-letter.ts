import { connect } from 'node:net';
import type { Zxid } from '../history/op.ts';

/** A four-letter word that was not answered; the message says which, where and why. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** `mntr` and `cons` of a busy server stay far below this. */
const answerBytesMax = 4 * 1024 * 1024;

/** Sends a four-letter word and resolves with the whole answer; rejects with `NoAnswer`. */
export function fourLetter(
  { host, port }: { host: string; port: number },
  word: string,
  deadlineMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => fail(`nothing complete within ${deadlineMs} ms`), deadlineMs);
    const fail = (reason: string, cause?: unknown) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new NoAnswer(`${word} of ${host}:${port}: ${reason}`, { cause }));
    };
    socket.on('connect', () => socket.write(word));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > answerBytesMax) fail(`more than ${answerBytesMax} bytes`);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message, error));
    socket.on('end', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

const serverModes = ['leader', 'follower', 'observer', 'standalone', 'read-only'] as const;
type ServerMode = (typeof serverModes)[number];

/** What a server says about itself. */
export type Srvr =
  | {
      kind: 'serving';
      version: string;
      mode: ServerMode;
      /** Last zxid the server has processed. */
      zxid: Zxid;
      outstanding: number;
      nodes: number;
    }
  /** Up, but without a leader. */
  | { kind: 'notServing' }
  /** 4lw.commands.whitelist does not allow srvr (3.4.10 and later). */
  | { kind: 'notWhitelisted' }
  | { kind: 'unreadable'; text: string };

/** Reads the answer to `srvr` (also the head of `stat`). */
export function parseSrvr(text: string): Srvr {
  if (text.includes('This ZooKeeper instance is not currently serving requests'))
    return { kind: 'notServing' };
  if (text.includes('is not in the whitelist')) return { kind: 'notWhitelisted' };
  const field = (name: string) => new RegExp(`^${name}: (.+?)\\s*$`, 'm').exec(text)?.[1];
  const mode = serverModes.find((known) => known === field('Mode'));
  const version = field('Zookeeper version');
  const zxid = Number(field('Zxid'));
  const outstanding = Number(field('Outstanding'));
  const nodes = Number(field('Node count'));
  if (mode === undefined || version === undefined) return { kind: 'unreadable', text };
  if (![zxid, outstanding, nodes].every(Number.isSafeInteger)) return { kind: 'unreadable', text };
  return {
    kind: 'serving',
    version: /^\d+\.\d+\.\d+(-alpha|-beta)?/.exec(version)?.[0] ?? version,
    mode,
    zxid: zxid as Zxid,
    outstanding,
    nodes,
  };
}
