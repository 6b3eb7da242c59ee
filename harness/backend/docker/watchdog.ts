import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { messageOf, Trouble } from '../../base/trouble.ts';
import type { EngineAddress } from './engine.ts';
import { label } from './labels.ts';

/** A Node process starts in well under a second; on a loaded machine in a few. */
const readyMs = 20_000;
/** Longest orderly removal; ten containers take about a second. */
const removeMs = 60_000;

/**
 * The reaper of one site (reaper.js), from our side. It lives in a session of its own and holds a pipe to us: when we
 * end, however we end, it removes every object of the site. Start it before the first object.
 */
export class Watchdog {
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  readonly #ready: Promise<string>;

  /**
   * Starts it. The orders are in its pipe before anything else can happen, so objects may be made at once; `ready` tells
   * whether it runs.
   */
  static start(address: EngineAddress, site: string): Watchdog {
    const script = fileURLToPath(new URL('./reaper.js', import.meta.url));
    // No file descriptors of ours besides these, or pipes of the harness would stay open as long as the reaper lives.
    const child = spawn(process.execPath, [script], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
      cwd: '/',
    });
    child.stdin!.on('error', () => undefined);
    const watchdog = new Watchdog(child);
    watchdog.#tell({ address, filter: `${label.site}=${site}` });
    // It must not keep us alive: that is the wrong way round.
    child.unref();
    for (const pipe of [child.stdin, child.stdout]) (pipe as Socket).unref();
    return watchdog;
  }

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout! });
    this.#ready = this.#line(readyMs, 'start');
    // `ready` awaits it and throws; until then a failure must not count as unhandled.
    this.#ready.catch(() => undefined);
  }

  async ready(): Promise<void> {
    await this.#ready;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Lets a paused container go on after `inMs`, whatever becomes of us; null takes that back. */
  thaw(container: string, inMs: number | null): void {
    this.#tell({ thaw: { container, inMs } });
  }

  /** Removes everything of the site; resolves when nothing is left, and ends the reaper. */
  async end(): Promise<void> {
    await this.#ready;
    this.#tell({ end: true });
    const result = JSON.parse(await this.#line(removeMs, 'remove everything')) as Removal;
    if (!result.removed) {
      throw new Trouble(
        'Docker engine',
        `not everything could be removed (${result.reason})`,
        'run `gauntlet doctor --clean` when it is well again',
      );
    }
  }

  #tell(order: object): void {
    this.#process.stdin!.write(`${JSON.stringify(order)}\n`);
  }

  async #line(deadlineMs: number, what: string): Promise<string> {
    const done = new AbortController();
    const timer = setTimeout(
      () => done.abort(new Error(`no word within ${deadlineMs / 1000} s`)),
      deadlineMs,
    );
    const dead = () => done.abort(new Error('it ended'));
    this.#process.once('exit', dead).once('error', (error) => done.abort(error));
    try {
      const [line] = (await once(this.#lines, 'line', { signal: done.signal })) as [string];
      return line;
    } catch (cause) {
      const reason = messageOf(done.signal.aborted ? done.signal.reason : cause);
      throw new Trouble('reaper process', `did not ${what}: ${reason}`, 'run again', { cause });
    } finally {
      clearTimeout(timer);
      this.#process.off('exit', dead);
    }
  }
}

type Removal = { removed: true } | { removed: false; reason: string };
