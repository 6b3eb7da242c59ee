import type { Exit, Machine, Site, StartOptions } from '../backend/backend.ts';
import { LogTail } from '../base/log-tail.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import type { Journal } from '../run/journal.ts';
import { isQuorum } from '../topology/quorum.ts';
import type { Role } from '../topology/roles.ts';
import { nodeName, type Topology } from '../topology/topology.ts';
import { lookAt } from './look.ts';

const servingRoles: readonly Role[] = ['leader', 'follower', 'observer', 'standalone'];

/** A server that starts or thaws may take this long to serve again. Far above any election floor: see docs/timing.md. */
const servingMs = 40_000;

/** SIGTERM: ZooKeeper closes its sessions and ports in well under a second; then the JVM ends. */
const stopMs = 10_000;
/** SIGKILL and SIGSTOP take effect at the next return to user mode. */
const signalMs = 3_000;

/** A running topology: every start and end of a server goes through here and into the journal. */
export class Ensemble {
  readonly site: Site;
  readonly topology: Topology;
  readonly sids: number[];
  readonly #journal: Journal;
  readonly #tails = new Map<number, LogTail>();
  readonly #asked = new Set<number>();
  readonly #endedAlone = new Map<number, string>();
  readonly #exits: Promise<void>[] = [];
  #lost: unknown;

  constructor(site: Site, journal: Journal) {
    this.site = site;
    this.topology = site.topology;
    this.sids = site.topology.nodes.map(({ sid }) => sid);
    this.#journal = journal;
  }

  machine(sid: number): Machine {
    const machine = this.site.machines.get(sid);
    if (!machine) throw new Error(`there is no server ${sid}`);
    return machine;
  }

  async start(sid: number, options?: StartOptions): Promise<number | undefined> {
    const machine = this.machine(sid);
    if (!this.#tails.has(sid)) this.#tails.set(sid, await LogTail.follow(machine.logFile));
    this.#asked.delete(sid);
    this.#endedAlone.delete(sid);
    const { pid, version } = await machine.start(options);
    this.#journal.write({ kind: 'server-start', sid, version, pid });
    const ended = machine.ended().then((exit) => {
      const asked = this.#asked.has(sid);
      const how = exit.signal ?? `exit code ${exit.code}`;
      if (!asked) this.#endedAlone.set(sid, `${machine.name} ended by itself (${how})`);
      this.#journal.write({ kind: 'server-exit', sid, ...exit, asked });
    });
    // The machine below failed, not the server. Whoever waits next is told, at the latest `halt`.
    ended.catch((error) => {
      this.#lost ??= error;
    });
    this.#exits.push(ended);
    return pid;
  }

  async startAll(sids: readonly number[] = this.sids): Promise<void> {
    await Promise.all(sids.map((sid) => this.start(sid)));
  }

  /** Ends servers at once (SIGKILL) or in order (SIGTERM); resolves when their processes are gone. */
  async end(sids: readonly number[], signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit[]> {
    const deadlineMs = signal === 'SIGKILL' ? signalMs : stopMs;
    for (const sid of sids) {
      this.#asked.add(sid);
      await this.machine(sid).signal(signal);
    }
    return Promise.all(
      sids.map((sid) =>
        waitFor({ what: `${nodeName(sid)} to end after ${signal}`, deadlineMs }, async () =>
          (await this.machine(sid).state()) === 'gone' ? this.machine(sid).ended() : undefined,
        ),
      ),
    );
  }

  async freeze(sid: number, untilNs: number): Promise<void> {
    const machine = this.machine(sid);
    await machine.thawAt(untilNs);
    await machine.signal('SIGSTOP');
    await waitFor({ what: `${machine.name} to stop running`, deadlineMs: signalMs }, async () =>
      (await machine.state()) === 'paused' ? true : undefined,
    );
  }

  async thaw(sid: number): Promise<void> {
    const machine = this.machine(sid);
    await machine.signal('SIGCONT');
    await waitFor({ what: `${machine.name} to run again`, deadlineMs: signalMs }, async () =>
      (await machine.state()) === 'running' ? true : undefined,
    );
    await machine.thawAt(null);
  }

  look(sid: number): Promise<{ role: Role; zxid?: string }> {
    return lookAt(this.machine(sid).endpoint);
  }

  async roles(): Promise<Map<number, Role>> {
    const looks = await Promise.all(
      this.sids.map(async (sid) => [sid, (await this.look(sid)).role] as const),
    );
    return new Map(looks);
  }

  /** Lines a server logs from now on. */
  onLine(sid: number, listener: (line: string) => void): () => void {
    const tail = this.#tails.get(sid);
    if (!tail) throw new Error(`${nodeName(sid)} was never started`);
    return tail.onLine(listener);
  }

  /**
   * Waits until every server serves in a role that fits: one leader, voters follow, observers observe. Ends early when
   * a server ended by itself, for then it never will.
   */
  async gate(deadlineMs = servingMs): Promise<void> {
    let roles = new Map<number, Role>();
    const begun = performance.now();
    try {
      const { leader, ended } = await waitFor({ what: 'all servers to serve', deadlineMs }, async () => {
        roles = await this.roles();
        const leader = wholeUnder(this.topology, roles);
        const ended = [...this.#endedAlone.values()];
        const over = leader !== undefined || ended.length > 0 || this.#lost !== undefined;
        return over ? { leader, ended } : undefined;
      });
      if (this.#lost !== undefined) throw this.#lost;
      if (leader === undefined) throw new WaitedInVain(`${ended.join(', ')}, so not all servers can serve`);
      const having = (role: Role) => this.sids.filter((sid) => roles.get(sid) === role);
      this.#journal.write({
        kind: 'serving',
        leader,
        followers: having('follower'),
        observers: having('observer'),
      });
    } catch (error) {
      if (error instanceof WaitedInVain) {
        const waitedMs = Math.round(performance.now() - begun);
        this.#journal.write({ kind: 'not-serving', waitedMs, roles: namedRoles(roles) });
      }
      throw error;
    }
  }

  /**
   * Waits until these servers serve. One that cannot, because too few voters run or another fault keeps it from a
   * quorum, only has to run.
   */
  async rejoined(sids: readonly number[], linked: (a: number, b: number) => boolean): Promise<string[]> {
    const running: number[] = [];
    for (const sid of this.sids) if ((await this.machine(sid).state()) === 'running') running.push(sid);
    return Promise.all(
      sids.map((sid) => {
        const heard = running.filter((other) => other === sid || linked(sid, other));
        if (!isQuorum(this.topology, new Set(heard))) return `${nodeName(sid)} runs and hears no quorum yet`;
        return waitFor({ what: `${nodeName(sid)} to serve again`, deadlineMs: servingMs }, async () => {
          const { role } = await this.look(sid);
          return servingRoles.includes(role) ? `${nodeName(sid)} serves as ${role}` : undefined;
        });
      }),
    );
  }

  /** Ends every server at once and drops every cut; what they stored stays. */
  async halt(): Promise<void> {
    for (const sid of this.sids) {
      const machine = this.machine(sid);
      await machine.thawAt(null);
      if ((await machine.state()) !== 'gone') await this.end([sid], 'SIGKILL');
    }
    await Promise.all(this.#exits);
    await this.site.setCuts([]);
  }

  async dispose(): Promise<void> {
    for (const tail of this.#tails.values()) await tail.close();
    await this.site.dispose();
  }
}

/** The leader's sid when the whole ensemble serves, else undefined. */
function wholeUnder({ nodes }: Topology, roles: ReadonlyMap<number, Role>): number | undefined {
  const leaders = nodes.filter(({ sid }) => roles.get(sid) === 'leader' || roles.get(sid) === 'standalone');
  const fits = nodes.every(({ sid, kind }) => {
    const role = roles.get(sid);
    return kind === 'observer' ? role === 'observer' : role === 'follower' || sid === leaders[0]?.sid;
  });
  return leaders.length === 1 && fits ? leaders[0]!.sid : undefined;
}

export function namedRoles(roles: ReadonlyMap<number, Role>): Record<string, string> {
  return Object.fromEntries([...roles].map(([sid, role]) => [nodeName(sid), role]));
}
