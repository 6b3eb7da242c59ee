import type { Exit, Machine, Site, StartOptions } from '../backend/backend.ts';
import { LogTail } from '../base/log-tail.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import { knock } from '../client/knock.ts';
import type { Journal } from '../run/journal.ts';
import { isBroker } from '../topology/brokers.ts';
import { isQuorum } from '../topology/quorum.ts';
import type { Role } from '../topology/roles.ts';
import { allNodesOf, nodeName, type Topology } from '../topology/topology.ts';
import { Brokers, brokersServingMs } from './brokers.ts';
import { lookAt, lookMs } from './look.ts';
import { lookAtBroker } from './look-broker.ts';
import type { BrokerView } from './registry.ts';

const servingRoles: readonly Role[] = ['leader', 'follower', 'observer', 'standalone', 'serving'];

/** A server that starts or thaws may take this long to serve again. Far above any election: see docs/elections.md. */
const servingMs = 40_000;

/** Others' servers log every look at them, so they are looked at less often. */
const lookEveryMs = { ours: 20, others: 250 };

/**
 * SIGTERM: ZooKeeper closes its sessions and ports in well under a second; then the JVM ends. A broker first hands its
 * partitions over (controlled shutdown), and asks again when the controller does not answer.
 */
const stopMs = { server: 10_000, broker: 30_000 };
/** SIGKILL and SIGSTOP take effect at the next return to user mode. */
const signalMs = 3_000;

/**
 * A running topology: every start and end of a server goes through here and into the journal. Servers of somebody else
 * are taken as they are found, and left so.
 */
export class Ensemble {
  readonly site: Site;
  readonly topology: Topology;
  /** Servers of ZooKeeper. */
  readonly sids: number[];
  /** Every node: servers, then brokers. */
  readonly nodes: number[];
  /** Those that are to serve: all but the outsiders. */
  readonly members: number[];
  readonly #brokers: Brokers | undefined;
  readonly #journal: Pick<Journal, 'write'>;
  readonly #tails = new Map<number, LogTail>();
  readonly #lasting = new Map<number, Omit<StartOptions, 'jvmFlags'>>();
  readonly #asked = new Set<number>();
  readonly #endedAlone = new Map<number, string>();
  readonly #exits: Promise<void>[] = [];
  readonly #listeners = new Set<LineListener>();
  #lost: unknown;

  constructor(site: Site, journal: Pick<Journal, 'write'>, outsiders: readonly number[] = []) {
    this.site = site;
    this.topology = site.topology;
    this.sids = site.topology.nodes.map(({ sid }) => sid);
    this.members = this.sids.filter((sid) => !outsiders.includes(sid));
    this.nodes = allNodesOf(site.topology);
    const { kafka } = site.topology;
    this.#brokers =
      kafka &&
      new Brokers(
        kafka,
        this.sids.map((sid) => this.machine(sid)),
        (node) => this.serves(node),
      );
    this.#journal = journal;
  }

  /** Whether the servers are ours to start and to end. */
  get ours(): boolean {
    return this.site.capabilities.signals === 'yes';
  }

  /** Whether servers say what they are; else only whether they serve can be seen, at the cost of a connection. */
  get tellsRoles(): boolean {
    return this.site.capabilities.roles === 'yes';
  }

  /** What servers were last started with, where a start named a release. */
  get releases(): Map<number, string> {
    return new Map([...this.#lasting].flatMap(([sid, { version }]) => (version ? [[sid, version]] : [])));
  }

  machine(sid: number): Machine {
    const machine = this.site.machines.get(sid);
    if (!machine) throw new Error(`there is no server ${sid}`);
    return machine;
  }

  /** Another release, and other settings, hold for the server's later starts too; flags for this one only. */
  async start(sid: number, { jvmFlags = [], ...lasting }: StartOptions = {}): Promise<number | undefined> {
    const machine = this.machine(sid);
    if (isBroker(sid)) await this.#brokers?.forgotten(sid);
    this.#follow(sid);
    this.#asked.delete(sid);
    this.#endedAlone.delete(sid);
    this.#lasting.set(sid, { ...this.#lasting.get(sid), ...lasting });
    const { pid, version } = await machine.start({ ...this.#lasting.get(sid), jvmFlags });
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

  #follow(sid: number): void {
    if (this.#tails.has(sid)) return;
    const tail = new LogTail(this.machine(sid).logFile);
    tail.onLine((line) => {
      for (const listener of this.#listeners) listener(sid, line);
    });
    this.#tails.set(sid, tail);
  }

  /** Has servers running, all of them when none are named: ours are started, others run already. */
  async bringUp(sids: readonly number[] = this.sids): Promise<void> {
    if (this.ours) return this.startAll(sids);
    for (const { sid, version } of this.topology.nodes) {
      const { host, port } = this.machine(sid).endpoint;
      this.#journal.write({ kind: 'server-found', sid, version, address: `${host}:${port}` });
    }
  }

  /** Starts every broker and waits until they serve; at once when there are none. The servers serve already. */
  async bringUpBrokers(): Promise<void> {
    if (!this.#brokers) return;
    await this.startAll(this.#brokers.nodes);
    await this.#brokersGate();
  }

  get brokers(): readonly number[] {
    return this.#brokers?.nodes ?? [];
  }

  /** What ZooKeeper knows of the brokers now; undefined when there are none or nobody answers. */
  async brokerView(): Promise<BrokerView | undefined> {
    return this.#brokers?.view();
  }

  /** Brokers that were started are to serve. */
  async #brokersGate(): Promise<void> {
    const brokers = this.#brokers;
    const wanted = brokers?.nodes.filter((node) => this.#lasting.has(node)) ?? [];
    if (!brokers || wanted.length === 0) return;
    const begun = performance.now();
    const met = await brokers.gate(wanted, () => wanted.flatMap((node) => this.#endedAlone.get(node) ?? []));
    if ('view' in met) {
      this.#journal.write({ kind: 'brokers-serving', controller: met.view.controller!, nodes: wanted });
      return;
    }
    const waitedMs = Math.round(performance.now() - begun);
    this.#journal.write({ kind: 'brokers-not-serving', waitedMs, lacking: met.lacking });
    throw new BrokersMissing(`waited ${waitedMs} ms for all brokers to serve: ${met.lacking}`);
  }

  async startAll(sids: readonly number[] = this.sids): Promise<void> {
    await Promise.all(sids.map((sid) => this.start(sid)));
  }

  /**
   * Starts servers that may refuse what they find on their disks; resolves to those that ended by themselves before they
   * answered anybody. A server reads its disk before it opens its client port (QuorumPeer.start).
   */
  async tryDisks(sids: readonly number[]): Promise<number[]> {
    await this.startAll(sids);
    const refused = await Promise.all(
      sids.map((sid) => {
        const wait = { what: `${nodeName(sid)} to answer or to end`, deadlineMs: servingMs };
        return waitFor(wait, async () => {
          if (this.#endedAlone.has(sid)) return { refused: true };
          const { role } = await this.look(sid);
          return role === 'down' || role === 'silent' ? undefined : { refused: false };
        });
      }),
    );
    return sids.filter((_, i) => refused[i]!.refused);
  }

  /** Ends servers at once (SIGKILL) or in order (SIGTERM); resolves when their processes are gone. */
  async end(sids: readonly number[], signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit[]> {
    const deadlineMs = (sid: number) =>
      signal === 'SIGKILL' ? signalMs : isBroker(sid) ? stopMs.broker : stopMs.server;
    for (const sid of sids) {
      this.#asked.add(sid);
      await this.machine(sid).signal(signal);
    }
    return Promise.all(
      sids.map((sid) =>
        waitFor({ what: `${nodeName(sid)} to end after ${signal}`, deadlineMs: deadlineMs(sid) }, async () =>
          (await this.machine(sid).state()) === 'gone' ? this.machine(sid).ended() : undefined,
        ),
      ),
    );
  }

  /** Nodes whose process runs, and is not frozen. */
  async running(): Promise<number[]> {
    const states = await Promise.all(
      this.nodes.map(async (sid) => ({ sid, state: await this.machine(sid).state() })),
    );
    return states.filter(({ state }) => state === 'running').map(({ sid }) => sid);
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

  async look(sid: number): Promise<{ role: Role; zxid?: string }> {
    const { endpoint } = this.machine(sid);
    if (isBroker(sid)) return lookAtBroker(endpoint, lookMs);
    return this.tellsRoles ? lookAt(endpoint) : { role: await knock(endpoint, lookMs) };
  }

  async serves(sid: number): Promise<boolean> {
    return servingRoles.includes((await this.look(sid)).role);
  }

  async roles(): Promise<Map<number, Role>> {
    const looks = await Promise.all(
      this.sids.map(async (sid) => [sid, (await this.look(sid)).role] as const),
    );
    return new Map(looks);
  }

  /** Lines servers log from now on, also those that do not run yet. */
  onLine(listener: LineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How a server ended that nobody had asked to, if it did and was not started again. */
  endedAlone(sid: number): string | undefined {
    return this.#endedAlone.get(sid);
  }

  /**
   * Waits until every member serves in a role that fits: one leader, voters follow, observers observe. Ends early when
   * a server ended by itself, for then it never will. Of others' servers some may not be known, the leader among them.
   */
  async gate(deadlineMs = servingMs): Promise<void> {
    let roles = new Map<number, Role>();
    const begun = performance.now();
    try {
      const everyMs = this.ours ? lookEveryMs.ours : lookEveryMs.others;
      const { whole, ended } = await waitFor(
        { what: 'all servers to serve', deadlineMs, everyMs },
        async () => {
          roles = await this.roles();
          const whole = this.ours ? isWhole(this.topology, this.members, roles) : allServe(roles);
          const ended = this.members.flatMap((sid) => this.#endedAlone.get(sid) ?? []);
          return whole || ended.length > 0 || this.#lost !== undefined ? { whole, ended } : undefined;
        },
      );
      if (this.#lost !== undefined) throw this.#lost;
      if (!whole) throw new WaitedInVain(`${ended.join(', ')}, so not all servers can serve`);
      const leader = leaderIn(roles);
      const having = (role: Role) => this.sids.filter((sid) => roles.get(sid) === role);
      this.#journal.write({
        kind: 'serving',
        ...(leader !== undefined && { leader }),
        followers: having('follower'),
        observers: having('observer'),
      });
      await this.#brokersGate();
    } catch (error) {
      if (error instanceof WaitedInVain && !(error instanceof BrokersMissing)) {
        const waitedMs = Math.round(performance.now() - begun);
        this.#journal.write({ kind: 'not-serving', waitedMs, roles: namedRoles(roles) });
      }
      throw error;
    }
  }

  /**
   * Waits until these servers serve; in vain as soon as one of them ends by itself. One that cannot serve, because too
   * few voters run or another fault keeps it from a quorum, only has to run.
   */
  async rejoined(sids: readonly number[], linked: (a: number, b: number) => boolean): Promise<string[]> {
    const running = await this.running();
    return Promise.all(
      sids.map((sid) => {
        const heard = running.filter((other) => other === sid || linked(sid, other));
        if (!isQuorum(this.topology, new Set(heard))) return `${nodeName(sid)} runs and hears no quorum yet`;
        return this.#servesAgain(sid);
      }),
    );
  }

  async #servesAgain(sid: number): Promise<string> {
    const deadlineMs = isBroker(sid) ? brokersServingMs : servingMs;
    const wait = { what: `${nodeName(sid)} to serve again`, deadlineMs };
    const { role, ended } = await waitFor(wait, async () => {
      const ended = this.#endedAlone.get(sid);
      const { role } = await this.look(sid);
      const serves = servingRoles.includes(role) && (!isBroker(sid) || (await this.#brokers!.joined(sid)));
      return serves || ended !== undefined ? { role, ended } : undefined;
    });
    if (ended !== undefined) throw new WaitedInVain(ended);
    return `${nodeName(sid)} serves as ${role}`;
  }

  /** Ends every server of ours at once and drops every cut; what they stored stays. */
  async halt(): Promise<void> {
    if (!this.ours) return;
    await this.#brokers?.close();
    for (const sid of this.nodes) {
      const machine = this.machine(sid);
      await machine.thawAt(null);
      if ((await machine.state()) !== 'gone') await this.end([sid], 'SIGKILL');
    }
    await Promise.all(this.#exits);
    await this.site.setCuts([]);
  }

  async dispose(): Promise<void> {
    for (const tail of this.#tails.values()) tail.close();
    await this.site.dispose();
  }
}

/** The servers serve, the brokers above them do not. */
class BrokersMissing extends WaitedInVain {}

type Roles = ReadonlyMap<number, Role>;

type LineListener = (sid: number, line: string) => void;

/** The one that leads, or stands alone; undefined when none or several say so. */
function leaderIn(roles: Roles): number | undefined {
  const leaders = [...roles].filter(([, role]) => role === 'leader' || role === 'standalone');
  return leaders.length === 1 ? leaders[0]![0] : undefined;
}

/** One leads, all other voters follow it, and observers observe. */
function isWhole({ nodes }: Topology, members: readonly number[], roles: Roles): boolean {
  const leader = leaderIn(roles);
  const fits = nodes.every(({ sid, kind }) => {
    if (!members.includes(sid)) return true;
    const role = roles.get(sid);
    return kind === 'observer' ? role === 'observer' : role === 'follower' || sid === leader;
  });
  return leader !== undefined && fits;
}

const allServe = (roles: Roles) => [...roles.values()].every((role) => servingRoles.includes(role));

export function namedRoles(roles: ReadonlyMap<number, Role>): Record<string, string> {
  return Object.fromEntries([...roles].map(([sid, role]) => [nodeName(sid), role]));
}
