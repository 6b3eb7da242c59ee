import type { Random } from '../base/random.ts';
import type { Steps } from './accidents.ts';
import { chance } from './weighted.ts';

type Step = Steps[number];

/** Moments at which a server that comes back has done one part of what it must, as servers of every release log them. */
const moments = [
  'Have quorum of supporters',
  'LEADER ELECTION TOOK',
  'Getting a diff|Getting a snapshot|Truncating log',
  '[lL]earner received NEWLEADER|[lL]earner received UPTODATE',
];

/** A server that is started logs them well within this; one that is not to log them holds nobody up. */
const momentMsMax = 4000;

/**
 * Steps over servers that stay away while others work, written one after the other. It keeps in mind who runs, what
 * each has logged, and hence who leads, as ZooKeeper elects: who has most, then the highest id. Where real servers
 * differ, a step hits another server than was meant, and is as good.
 */
export class Stage {
  readonly steps: Step[] = [];
  readonly #random: Random;
  readonly #voters: number[];
  /** Whether steps write; else clients are at work all the time. */
  readonly #scripted: boolean;
  readonly #up: Set<number>;
  readonly #logged: Map<number, number>;
  readonly #kept: string[] = [];
  #leader: number | undefined;
  #writes = 0;
  /** The server that was started last, until somebody has waited for it. */
  #awaited: number | undefined;

  constructor(random: Random, voters: number, leader: number, scripted: boolean) {
    this.#random = random;
    this.#voters = Array.from({ length: voters }, (_, i) => i + 1);
    this.#scripted = scripted;
    this.#up = new Set(this.#voters);
    this.#logged = new Map(this.#voters.map((sid) => [sid, 0]));
    this.#leader = leader;
  }

  get leader(): number | undefined {
    return this.#leader;
  }

  get hasQuorum(): boolean {
    return this.#up.size > this.#voters.length / 2;
  }

  up(): number[] {
    return this.#voters.filter((sid) => this.#up.has(sid));
  }

  down(): number[] {
    return this.#voters.filter((sid) => !this.#up.has(sid));
  }

  /** Those that run and do not lead. */
  followers(): number[] {
    return this.up().filter((sid) => sid !== this.#leader);
  }

  /** Whoever runs has some more transactions. Nothing without a quorum. */
  write(): void {
    if (!this.hasQuorum) return;
    this.#writes++;
    const random = this.#random;
    const count = random.pick([1, 5, 10, 50]);
    if (this.#scripted) {
      const act = { create: `/w${this.#writes}-`, count, ...(chance(random, 20) && { pathBytes: 300 }) };
      this.#add({ client: { name: 'writer', on: random.pick(this.up()), do: [act] } });
    } else this.#add({ forMs: random.int(100, 800) });
    for (const sid of this.#up) this.#logged.set(sid, this.#writes);
  }

  /** Servers end, and stay away. */
  lose(sids: readonly number[], when?: Step['when']): void {
    const keep = `away-${this.#kept.length + 1}`;
    this.#kept.push(keep);
    const fault = chance(this.#random, 85) ? 'kill' : 'stop';
    this.#add({ faults: [{ fault, target: [...sids] }], keep, ...(when && { when }) });
    for (const sid of sids) this.#up.delete(sid);
    if (!this.hasQuorum || (this.#leader !== undefined && sids.includes(this.#leader))) this.#elect();
  }

  /** Servers come back; what follows waits until the last of them serves, where it can. */
  regain(sids: readonly number[]): void {
    this.#add({ start: [...sids] });
    for (const sid of sids) this.#up.add(sid);
    if (this.#leader === undefined) this.#elect();
    this.#awaited = this.hasQuorum ? sids.at(-1) : undefined;
    if (this.#leader === undefined) return;
    for (const sid of this.#up) this.#logged.set(sid, this.#logged.get(this.#leader)!);
  }

  /** Servers come back, and in the midst of it some of those who run are lost. */
  regainAndLose(sids: readonly number[], victims: readonly number[]): void {
    this.regain(sids);
    this.#awaited = undefined;
    this.lose(victims, { log: this.#random.pick(moments), orAfterMs: momentMsMax });
  }

  /** Everybody is back, and everything is healed. */
  end(): Steps {
    if (this.down().length > 0) this.regain(this.#random.shuffle(this.down()));
    this.#awaited = undefined;
    if (this.#kept.length > 0)
      this.steps.push({ when: { afterMs: 0 }, heal: [...this.#kept].reverse(), forMs: 0 });
    if (this.#scripted) this.steps.push(this.#lastWords());
    return this.steps;
  }

  /** A last look by another client, and a write after everything. */
  #lastWords(): Step {
    const on = this.#random.pick(this.#voters);
    const look = this.#writes > 0 ? [{ sync: '/w1-0' }, { getData: '/w1-0' }] : [];
    return {
      when: { afterMs: 0 },
      client: { name: 'last', on, do: [...look, { create: '/end' }, { getData: '/end' }] },
      forMs: 0,
    };
  }

  #add(step: Step): void {
    const awaited = this.#awaited;
    this.#awaited = undefined;
    const serving = { seen: { roles: { [`${awaited}`]: ['leader' as const, 'follower' as const] } } };
    this.steps.push({
      when: awaited === undefined ? { afterMs: 0 } : serving,
      forMs: 0,
      gate: false,
      ...step,
    });
  }

  #elect(): void {
    const rank = (sid: number) => this.#logged.get(sid)! * 100 + sid;
    this.#leader = this.hasQuorum ? this.up().sort((a, b) => rank(b) - rank(a))[0] : undefined;
  }
}
