import { startChild } from '../../base/start-child.ts';
import { waitFor } from '../../base/wait.ts';
import { adapterUrl } from './catalogue.ts';
import type { FromChild, ToChild } from './messages.ts';

/** A process with its TypeScript loader takes a second on a busy machine; this is many of them. */
const loadMs = 30_000;
const lastWordsChars = 8192;

/** A library that is not installed, or does not run here; the message says why. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
}

type Loaded = Extract<FromChild, { from: 'loaded' }>;

export interface LibraryProcess {
  readonly loaded: Loaded;
  say(order: ToChild): void;
  /** Ends it at once. */
  kill(): void;
}

/**
 * Starts the process of a client library and loads it there. Throws NotLoaded where the library is not installed.
 * `hear` gets everything it says, in order; `died` how it ended, unless it was killed from here.
 */
export async function startLibrary(
  client: string,
  hear: (message: FromChild) => void,
  died: (how: string) => void,
): Promise<LibraryProcess> {
  const child = startChild(import.meta.url, 'child');
  let killed = false;
  let lastWords = '';
  let end: string | undefined;
  let loaded: Loaded | undefined;
  let missing: string | undefined;
  child.stderr!.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString('utf8')).slice(-lastWordsChars);
  });
  child.on('message', (message: FromChild) => {
    if (message.from === 'loaded') loaded = message;
    else if (message.from === 'missing') missing = message.reason;
    else hear(message);
  });
  child.on('error', (error) => {
    end ??= error.message;
  });
  child.on('close', (code, signal) => {
    end ??= `${signal ?? `exit code ${code}`}${causeIn(lastWords)}`;
    if (loaded && !killed) died(end);
  });
  const kill = () => {
    killed = true;
    child.kill('SIGKILL');
  };
  const say = (order: ToChild) => {
    // A message to a process that has just died is told by its death.
    if (child.connected) child.send(order, () => undefined);
  };
  say({ to: 'load', adapter: adapterUrl(client) });
  try {
    await waitFor({ what: `client "${client}" to load`, deadlineMs: loadMs }, () => {
      // A TypeError ends the wait at once.
      if (missing !== undefined || end !== undefined) throw new TypeError('not loaded');
      return loaded;
    });
  } catch (cause) {
    kill();
    const why = missing ?? end;
    if (why === undefined) throw cause;
    throw new NotLoaded(`client "${client}": ${why.split('\n')[0]}`, { cause });
  }
  return { loaded: loaded!, say, kill };
}

/** The line that says why a process died: an exception's, a failed assertion's, or the last. */
function causeIn(words: string): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((each) => /^\w*Error\b|[Aa]ssert/.test(each)) ?? lines.at(-1);
  return line === undefined ? '' : `: ${line.trim()}`;
}
