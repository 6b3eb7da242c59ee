import { type ChildProcess, spawn } from 'node:child_process';
import { execa } from 'execa';
import type { Clock } from '../../base/clock.ts';
import type { PortClass } from '../../topology/topology.ts';
import type { Cut, TimedCut } from '../backend.ts';
import { FilteredLinks } from '../filtered-links.ts';
import { nftSetup } from '../nft.ts';
import { addressAt, inNamespace, lastLine } from './network.ts';

/** How the links between servers are cut. */
export interface Links {
  readonly perPort: boolean;
  setCuts(cuts: readonly TimedCut[]): Promise<void>;
  dropped(cut: Cut): Promise<number | undefined>;
}

/** nft where it works in every namespace (tried, not guessed), else neighbour entries. */
export async function makeLinks(
  sids: readonly number[],
  ports: Record<PortClass, number>,
  clock: Clock,
): Promise<Links> {
  const tries = await Promise.all(sids.map((sid) => tryNft(sid, ['-f', '-'], nftSetup())));
  return tries.every((result) => !result.failed)
    ? new FilteredLinks({ sids, ports, clock, addressAt, nft })
    : new NeighbourLinks(clock);
}

function tryNft(sid: number, args: readonly string[], input: string) {
  const [file, ...rest] = inNamespace(sid, ['nft', ...args]);
  return execa(file!, rest, { input, reject: false, timeout: 10_000 });
}

async function nft(sid: number, args: readonly string[], input: string): Promise<string> {
  const result = await tryNft(sid, args, input);
  if (!result.failed) return result.stdout;
  throw new Error(`nft on server ${sid}: ${lastLine(result.stderr) || result.shortMessage}`);
}

/** An address no interface has: frames sent to it reach nobody, and nobody answers. Locally administered (IEEE 802). */
const deadMac = '02:00:00:00:00:de';

/**
 * Cuts with iproute2 alone: a permanent neighbour entry to a dead MAC loses every packet of one direction, silently.
 * The kernel has no timer for it, so a shell that outlives a hung harness removes the entry at the deadline.
 */
class NeighbourLinks implements Links {
  readonly perPort = false;
  readonly #clock: Clock;
  #standing: TimedCut[] = [];
  #timer: ChildProcess | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async setCuts(cuts: readonly TimedCut[]): Promise<void> {
    const key = (cut: Cut) => `${cut.from}>${cut.to}`;
    const wanted = new Set(cuts.map(key));
    const standing = new Set(this.#standing.map(key));
    const commands = [
      ...this.#standing
        .filter((cut) => !wanted.has(key(cut)))
        .map((cut) => `${neighbour(cut, 'del')} || true`),
      ...cuts.filter((cut) => !standing.has(key(cut))).map((cut) => neighbour(cut, 'replace')),
    ];
    const result = await execa('bash', ['--norc', '-ec', commands.join('\n')], {
      reject: false,
      timeout: 10_000,
    });
    if (result.failed) throw new Error(`ip neigh: ${lastLine(result.stderr) || result.shortMessage}`);
    this.#standing = [...cuts];
    endGroup(this.#timer);
    this.#timer = cuts.length > 0 ? this.#healAt(cuts) : undefined;
  }

  async dropped(): Promise<undefined> {
    return undefined;
  }

  #healAt(cuts: readonly TimedCut[]): ChildProcess {
    const lines = [...cuts]
      .sort((a, b) => a.untilNs - b.untilNs)
      .map((cut) => {
        const seconds = Math.max(0, (cut.untilNs - this.#clock.nowNs()) / 1e9).toFixed(3);
        return `( sleep ${seconds}; ${neighbour(cut, 'del')} ) &`;
      });
    return spawn('bash', ['-c', `${lines.join('\n')}\nwait`], { stdio: 'ignore', detached: true });
  }
}

/** Ends a detached shell with its sleepers, so that none of them heals a later cut of the same link. */
function endGroup(leader: ChildProcess | undefined): void {
  if (leader?.pid === undefined || leader.exitCode !== null) return;
  process.kill(-leader.pid, 'SIGKILL');
}

function neighbour(cut: Cut, act: 'replace' | 'del'): string {
  const device = cut.from === 'clients' ? 'br0' : 'eth0';
  const ip = inNamespace(cut.from, ['ip']).join(' ');
  const entry = act === 'replace' ? `lladdr ${deadMac} nud permanent` : '';
  return `${ip} neigh ${act} ${addressAt(cut.to)} ${entry} dev ${device}`;
}
