import { type Random, randomFrom } from '../../harness/base/random.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import { anyVersion, type Op, type OpKind, type Phase, type Zxid, zxidOf } from '../../harness/history/op.ts';
import type { Reign } from '../../harness/ledger/ledger.ts';
import type { FaultCall, PlannedStep } from '../../harness/plan/plan.ts';
import type { Evidence } from '../../harness/rule/rule.ts';
import type { JournalEntry, LinkCut, ScenarioPhase } from '../../harness/run/journal-entry.ts';
import type { Topology } from '../../harness/topology/topology.ts';
import { simulatedDisks } from './simulated-disks.ts';
import { type Request, type Transaction, ZnodeTree } from './znode-tree.ts';

export interface Simulated {
  ops: Op[];
  /** Everything but the history, which `evidenceOf` makes from ops. */
  rest: Omit<Evidence, 'history'>;
}

export interface SimulationOptions {
  servers?: number;
  clients?: number;
  /** Things that happen; about half of them are client operations. */
  events?: number;
  /** Whether connections break, sessions expire, leaders change and faults are injected. */
  trouble?: boolean;
}

export const evidenceOf = ({ rest }: Simulated, ops: readonly Op[]): Evidence => ({
  ...rest,
  history: historyOf(ops),
});

/** A run of an ensemble that is correct by construction: what any rule says against it is a false alarm. */
export function simulate(seed: number, options: SimulationOptions = {}): Simulated {
  return new Simulation(randomFrom(seed), options).run();
}

interface Pending {
  op: Op;
  request: Request | undefined;
  /** Index in the log once it is committed. */
  index: number;
}

interface Session {
  number: number;
  id: string;
  client: Client;
  server: Server;
  lastZxid: number;
  xid: number;
  queue: Pending[];
  /** Sent on a connection that broke, and not committed yet: may still be, in order, until the session sends more. */
  ghosts: Pending[];
  over: boolean;
  ephemerals: string[];
}

interface Client {
  index: number;
  values: number;
  versions: Map<string, number>;
  session: Session | undefined;
}

interface Server {
  sid: number;
  tree: ZnodeTree;
  /** How much of the log it has applied. */
  applied: number;
  state: 'up' | 'down' | 'frozen' | 'cut';
}

const root = '/gauntlet';
const registers = 4;

class Simulation {
  private readonly random: Random;
  private readonly clientCount: number;
  private readonly events: number;
  private readonly trouble: boolean;
  private readonly servers: Server[];
  private readonly ops: Op[] = [];
  private readonly log: Transaction[] = [];
  private readonly leaderTree = new ZnodeTree();
  private readonly results = new Map<number, ReturnType<ZnodeTree['apply']>>();
  private readonly journal: JournalEntry[] = [];
  private readonly reigns: Reign[] = [];
  private readonly steps: PlannedStep[] = [];
  private readonly sessions: Session[] = [];
  private now = 0;
  private epoch = 0;
  private counter = 0;
  private leader = 0;
  private phase: Phase = 'setup';
  private heal: (() => void) | undefined;
  private acks = 0;

  constructor(random: Random, { servers = 3, clients = 4, events = 400, trouble = true }: SimulationOptions) {
    this.random = random;
    this.clientCount = clients;
    this.events = events;
    this.trouble = trouble;
    this.servers = Array.from({ length: servers }, (_, i) => ({
      sid: i + 1,
      tree: new ZnodeTree(),
      applied: 0,
      state: 'up' as const,
    }));
  }

  run(): Simulated {
    this.enter('start');
    for (const { sid } of this.servers) this.write({ kind: 'server-start', sid, version: '3.9.5', pid: sid });
    this.elect();
    this.setUp();
    this.phase = 'workload';
    this.enter('warm-up');
    const clients = Array.from({ length: this.clientCount }, (_, index) => ({
      index,
      values: 0,
      versions: new Map<string, number>(),
      session: undefined,
    }));
    this.work(clients);
    this.enter('heal');
    for (const client of clients) this.retire(client);
    this.phase = 'final';
    this.enter('final');
    this.readAll();
    this.phase = 'poweroff';
    this.enter('power-off');
    for (const { sid } of this.servers) {
      this.write({ kind: 'server-exit', sid, code: null, signal: 'SIGKILL', asked: true });
    }
    for (const { sid } of this.servers)
      this.write({ kind: 'server-start', sid, version: '3.9.5', pid: sid + 100 });
    this.pass(2e9);
    this.elect();
    this.readAll();
    this.enter('done');
    return { ops: this.ops, rest: this.rest() };
  }

  private work(clients: Client[]): void {
    const { random } = this;
    let acksAtHeal = -1;
    for (let event = 0; event < this.events || this.heal || this.acks <= acksAtHeal; event++) {
      this.pass();
      const client = random.pick(clients);
      const draw = random.int(1, 1000);
      if (draw <= 420) this.invoke(client);
      else if (draw <= 900 || !this.trouble) this.advance(client);
      else if (draw <= 940) this.replicate(random.pick(this.servers), this.log.length);
      else if (draw <= 960) this.disconnect(client);
      else if (draw <= 968) this.expire(client);
      else if (draw <= 976) this.leave(client);
      else if (draw <= 980 && this.servers.every(({ state }) => state === 'up')) this.elect();
      else if (draw <= 990 && !this.heal && this.acks > 5 && event < this.events) this.injectFault();
      else if (draw > 990 && this.heal) {
        this.heal();
        this.heal = undefined;
        acksAtHeal = this.acks;
      }
    }
  }

  private pass(ns = this.random.int(1000, 2_000_000)): void {
    this.now += ns;
  }

  private write(
    entry: JournalEntry extends infer E ? (E extends unknown ? Omit<E, 'atNs'> : never) : never,
  ): void {
    this.pass(1000);
    this.journal.push({ atNs: this.now, ...entry } as JournalEntry);
  }

  private enter(phase: ScenarioPhase): void {
    this.write({ kind: 'phase', phase });
  }

  /** A new leader: one of those that can have everything committed. */
  private elect(): void {
    this.pass(1e6);
    const reign = this.reigns.at(-1);
    if (reign) Object.assign(reign, { endedNs: this.now, endedBecause: 'it lost its quorum' });
    const able = this.servers.filter(({ state }) => state === 'up');
    this.leader = this.random.pick(able).sid;
    this.epoch++;
    this.counter = 0;
    this.pass(1e6);
    this.reigns.push({
      epoch: this.epoch,
      leader: this.leader,
      establishedNs: this.now,
      supporters: able.map(({ sid }) => sid),
    });
  }

  private get quorum(): boolean {
    return this.servers.filter(({ state }) => state === 'up').length > this.servers.length / 2;
  }

  private commit(owner: string, request: Request, cxid = 0): number {
    this.counter++;
    const zxid = zxidOf(this.epoch, this.counter);
    const transaction = { zxid, owner, cxid, timeMs: Math.floor(this.now / 1e6), request };
    this.results.set(this.log.length, this.leaderTree.apply(transaction));
    return this.log.push(transaction) - 1;
  }

  private replicate(server: Server, upTo: number): void {
    if (server.state !== 'up') return;
    for (; server.applied < upTo; server.applied++) server.tree.apply(this.log[server.applied]!);
  }

  private zxidAt(applied: number): number {
    return applied === 0 ? 0 : this.log[applied - 1]!.zxid;
  }

  private begin(client: Client, server: Server, phase = this.phase): Session {
    const number = this.sessions.length + 1;
    const id = (0x100000000000000n + BigInt(number)).toString(16).padStart(16, '0');
    const index = this.commit(id, { kind: 'session', ends: false });
    this.replicate(server, index + 1);
    const session: Session = {
      number,
      id,
      client,
      server,
      lastZxid: 0,
      xid: 0,
      queue: [],
      ghosts: [],
      over: false,
      ephemerals: [],
    };
    this.sessions.push(session);
    client.session = session;
    const name = `c${client.index}`;
    this.record(session, {
      ...this.op(session, 'connect', ''),
      phase,
      value: name,
      result: id,
      version: 4000,
    });
    return session;
  }

  private op(session: Session, kind: OpKind, path: string): Op {
    this.pass(1000);
    return {
      session: session.number,
      xid: 0,
      kind,
      server: session.server.sid,
      phase: this.phase,
      outcome: 'ok',
      error: 0,
      invokedNs: this.now,
      returnedNs: 0,
      zxid: 0 as Zxid,
      path,
      value: null,
      version: anyVersion,
      flags: 0,
      stat: null,
      result: null,
    };
  }

  private record(session: Session, op: Op): void {
    this.pass(1000);
    op.returnedNs = this.now;
    session.lastZxid = Math.max(session.lastZxid, op.zxid);
    this.ops.push(op);
  }

  private send(
    session: Session,
    kind: OpKind,
    path: string,
    fill: Partial<Op> = {},
    request?: Request,
  ): Pending {
    const op = { ...this.op(session, kind, path), xid: ++session.xid, ...fill };
    const pending = { op, request, index: -1 };
    session.queue.push(pending);
    return pending;
  }

  private setUp(): void {
    const client: Client = { index: 99, values: 0, versions: new Map(), session: undefined };
    const session = this.begin(client, this.servers[0]!);
    const paths = [root, ...['registers', 'set', 'sequence', 'ephemerals'].map((name) => `${root}/${name}`)];
    for (let i = 0; i < registers; i++) paths.push(`${root}/registers/r${i}`);
    for (const path of paths) this.create(session, path, 'made', 0);
    this.end(session);
    while (session.queue.length > 0) this.advanceSession(session);
  }

  private create(session: Session, path: string, value: string, mode: number): void {
    this.send(session, 'create', path, { value, flags: mode }, { kind: 'create', path, value, mode });
  }

  private end(session: Session): void {
    session.over = true;
    session.client.session = undefined;
    this.send(session, 'close', '', {}, { kind: 'session', ends: true });
  }

  /** The client's next operation, or its next connection. */
  private invoke(client: Client): void {
    const { random } = this;
    const session = client.session ?? this.freshSession(client);
    if (!session || session.queue.length >= 4) return;
    const register = `${root}/registers/r${random.int(0, registers - 1)}`;
    const value = `c${client.index}-${++client.values}`;
    const draw = random.int(1, 100);
    if (draw <= 24) this.send(session, 'getData', register);
    else if (draw <= 28) this.send(session, 'exists', register);
    else if (draw <= 31)
      this.send(
        session,
        'getChildren',
        `${root}/${random.pick(['set', 'sequence', 'ephemerals', 'registers'])}`,
      );
    else if (draw <= 34) this.send(session, 'sync', root);
    else if (draw <= 52) this.set(session, register, value, anyVersion);
    else if (draw <= 64) this.set(session, register, value, client.versions.get(register) ?? 0);
    else if (draw <= 72) this.create(session, `${root}/set/${value}`, value, 0);
    else if (draw <= 79) this.create(session, `${root}/sequence/n-`, value, 2);
    else if (draw <= 85) this.create(session, `${root}/ephemerals/${value}`, value, 1);
    else if (draw <= 89) this.send(session, 'exists', this.anEphemeral(session));
    else if (draw <= 93) this.remove(session, this.anEphemeral(session), anyVersion);
    else this.together(session, register, value);
  }

  private freshSession(client: Client): Session | undefined {
    const able = this.servers.filter(({ state }) => state === 'up');
    return this.quorum ? this.begin(client, this.random.pick(able)) : undefined;
  }

  private set(session: Session, path: string, value: string, version: number): void {
    this.send(session, 'setData', path, { value, version }, { kind: 'setData', path, value, version });
  }

  private remove(session: Session, path: string, version: number): void {
    this.send(session, 'delete', path, { version }, { kind: 'delete', path, version });
  }

  /** One of its own or of another client's, so that somebody else deletes and looks too. */
  private anEphemeral({ ephemerals, client }: Session): string {
    const { random } = this;
    const others = this.sessions.flatMap((session) => (session.over ? [] : session.ephemerals));
    const from = random.int(1, 3) > 1 ? ephemerals : others;
    return from.length > 0 ? random.pick(from) : `${root}/ephemerals/none${client.index}`;
  }

  private together(session: Session, path: string, value: string): void {
    const version = session.client.versions.get(path) ?? 0;
    const parts = [
      { kind: 'check' as const, path, version },
      { kind: 'setData' as const, path, value, version: anyVersion },
      { kind: 'create' as const, path: `${root}/set/${value}`, value, mode: 0 },
    ];
    this.send(session, 'multi', '', { value: JSON.stringify(parts) }, { kind: 'multi', parts });
  }

  private advance(client: Client): void {
    const session = client.session ?? this.sessions.findLast((each) => each.client === client);
    if (session) this.advanceSession(session);
  }

  /** Commits a write, or answers the first operation in line. */
  private advanceSession(session: Session): void {
    const { random, quorum } = this;
    if (session.ghosts.length > 0 && quorum && random.int(1, 2) === 1) {
      const ghost = session.ghosts.shift()!;
      this.commit(session.id, ghost.request!, ghost.op.xid);
      return;
    }
    const { server, queue } = session;
    if (server.state === 'frozen' || server.state === 'down') return;
    const next = queue.findIndex(({ index }) => index < 0);
    const waiting = queue[next];
    const ordered = queue.slice(0, next).every(({ request }) => request !== undefined);
    if (
      waiting?.request &&
      ordered &&
      quorum &&
      server.state === 'up' &&
      (next === 0 || random.int(1, 2) === 1)
    ) {
      // What its session sends now is behind everything it sent before; the rest of that never arrived.
      session.ghosts = [];
      waiting.index = this.commit(session.id, waiting.request, waiting.op.xid);
      return;
    }
    const head = queue[0];
    if (!head || (head.request && (head.index < 0 || server.state !== 'up'))) return;
    queue.shift();
    if (head.request) this.answerWrite(session, head);
    else this.answerRead(session, head.op);
  }

  private answerWrite(session: Session, { op, index }: Pending): void {
    this.replicate(session.server, index + 1);
    const result = this.results.get(index)!;
    op.zxid = this.log[index]!.zxid as Zxid;
    op.error = result.error;
    op.outcome = result.error === 0 ? 'ok' : 'fail';
    op.result = result.parts ? JSON.stringify(result.parts) : (result.name ?? null);
    op.stat = result.stat ?? null;
    if (op.outcome === 'ok') this.remember(session, op);
    this.record(session, op);
    if (this.phase === 'workload' && op.outcome === 'ok' && op.kind !== 'close') this.acks++;
  }

  private remember({ client, ephemerals }: Session, op: Op): void {
    if (op.stat) client.versions.set(op.path, op.stat.version);
    if (op.kind === 'create' && op.flags === 1) ephemerals.push(op.path);
    if (op.kind === 'multi') for (const { path } of JSON.parse(op.value!)) client.versions.delete(path);
  }

  private answerRead(session: Session, op: Op): void {
    const { server } = session;
    if (this.random.int(1, 3) === 1) this.replicate(server, this.random.int(server.applied, this.log.length));
    if (op.kind === 'sync') this.replicate(server, this.log.length);
    op.zxid = this.zxidAt(server.applied) as Zxid;
    const stat = server.tree.stat(op.path);
    if (op.kind !== 'sync') {
      if (stat) {
        op.stat = stat;
        if (op.kind === 'getData') op.value = server.tree.data(op.path);
        if (op.kind === 'getChildren') op.result = JSON.stringify(server.tree.children(op.path));
        session.client.versions.set(op.path, stat.version);
      } else {
        op.outcome = 'fail';
        op.error = -101;
      }
    }
    this.record(session, op);
  }

  /** The connection breaks: nobody knows what became of what was on its way. */
  private disconnect(client: Client, mayReturn = true): void {
    const { session } = client;
    if (!session) return;
    for (const pending of session.queue) {
      const { op, index, request } = pending;
      this.record(session, { ...op, outcome: 'unknown', error: -4 });
      if (request && index < 0 && session.server.state === 'up') session.ghosts.push(pending);
    }
    session.queue = [];
    session.xid = 0;
    if (mayReturn) this.move(session);
  }

  /** To a server that is not behind what the session has seen. */
  private move(session: Session): void {
    const able = this.servers.filter(({ state }) => state === 'up');
    session.server = this.random.pick(able.length > 0 ? able : this.servers);
    while (this.zxidAt(session.server.applied) < session.lastZxid)
      this.replicate(session.server, session.server.applied + 1);
    const name = `c${session.client.index}`;
    this.record(session, {
      ...this.op(session, 'connect', ''),
      value: name,
      result: session.id,
      version: 4000,
    });
  }

  /** The servers end a session that they did not hear of; its client learns that when it comes back. */
  private expire(client: Client): void {
    const { session } = client;
    if (!session || !this.quorum) return;
    this.disconnect(client, false);
    for (const { request, op } of session.ghosts)
      if (this.random.int(1, 2) === 1) this.commit(session.id, request!, op.xid);
    session.ghosts = [];
    this.commit(session.id, { kind: 'session', ends: true });
    session.over = true;
    client.session = undefined;
    if (this.random.int(1, 2) === 1) this.record(session, this.op(session, 'expired', ''));
  }

  private leave(client: Client): void {
    const { session } = client;
    if (!session || !this.quorum || session.server.state !== 'up') return;
    if (this.random.int(1, 3) > 1) {
      this.end(session);
      while (session.queue.length > 0) this.advanceSession(session);
    } else {
      // Its close is sent and never answered.
      this.end(session);
      client.session = session;
      this.disconnect(client, false);
      client.session = undefined;
      for (const { request, op } of session.ghosts) this.commit(session.id, request!, op.xid);
      session.ghosts = [];
      if (this.log.at(-1)?.owner !== session.id) this.commit(session.id, { kind: 'session', ends: true });
    }
  }

  private injectFault(): void {
    const { random, servers } = this;
    const kind = random.pick(['kill', 'pause', 'isolate'] as const);
    const lost = kind === 'pause' ? Math.ceil(servers.length / 2) : 1;
    const hit = random.shuffle(servers).slice(0, lost);
    const victims = hit.map(({ sid }) => sid);
    const call: FaultCall = { fault: kind, target: victims, params: {} };
    const step = this.steps.length;
    this.steps.push({
      index: step,
      when: { afterMs: 0, jitterMs: 0 },
      faults: [call],
      forMs: 1,
      gate: true,
      draw: 0,
    });
    const about = { step, fault: kind, victims };
    this.write({ kind: 'fault-intent', ...about, call, roles: {}, deadlineNs: this.now + 1e15 });
    const [state, cuts] = this.effectOf(kind, victims);
    for (const server of hit) server.state = state;
    if (kind === 'kill') {
      this.write({ kind: 'server-exit', sid: victims[0]!, code: null, signal: 'SIGKILL', asked: true });
      this.dropClientsOf(hit);
    }
    this.pass();
    this.write({ kind: 'fault-landed', ...about, proof: ['seen'], ...(cuts && { cuts }) });
    if (this.quorum && victims.includes(this.leader)) this.elect();
    this.heal = () => {
      this.write({ kind: 'fault-healing', ...about });
      if (kind === 'kill') {
        this.pass(2e9);
        this.write({ kind: 'server-start', sid: victims[0]!, version: '3.9.5', pid: 7 });
      }
      for (const server of hit) server.state = 'up';
      this.write({ kind: 'fault-healed', ...about, proof: ['seen'] });
    };
  }

  private effectOf(
    kind: 'kill' | 'pause' | 'isolate',
    victims: number[],
  ): [Server['state'], LinkCut[] | undefined] {
    if (kind === 'kill') return ['down', undefined];
    if (kind === 'pause') return ['frozen', undefined];
    const others = this.servers.map(({ sid }) => sid).filter((sid) => !victims.includes(sid));
    const cuts = others.map((to): LinkCut => ({ from: victims[0]!, to, ports: 'all' }));
    return ['cut', cuts];
  }

  private dropClientsOf(hit: readonly Server[]): void {
    for (const { client, over, server } of [...this.sessions]) {
      if (!over && hit.includes(server)) this.disconnect(client);
    }
  }

  /** Lets what runs end, then closes the session. */
  private retire(client: Client): void {
    for (const session of this.sessions) {
      if (session.client !== client) continue;
      session.ghosts = [];
      if (!session.over) this.end(session);
      while (session.queue.length > 0) this.advanceSession(session);
    }
  }

  /** Sync, then every node, on every server. */
  private readAll(): void {
    for (const server of this.servers) this.replicate(server, this.log.length);
    for (const server of this.servers) {
      const client: Client = { index: 100 + server.sid, values: 0, versions: new Map(), session: undefined };
      const session = this.begin(client, server);
      this.send(session, 'sync', root);
      const paths = [root];
      for (const path of paths) {
        this.send(session, 'getChildren', path);
        this.send(session, 'getData', path);
        for (const name of this.leaderTree.children(path)) paths.push(`${path}/${name}`);
      }
      this.end(session);
      while (session.queue.length > 0) this.advanceSession(session);
      for (const other of this.servers) this.replicate(other, this.log.length);
    }
  }

  private rest(): Simulated['rest'] {
    const topology: Topology = {
      nodes: this.servers.map(({ sid }) => ({
        sid,
        kind: 'voter',
        version: '3.9.5',
        weight: 1,
        group: undefined,
        jvmFlags: [],
      })),
      ports: { client: 2181, quorum: 2888, election: 3888 },
      separateLogDir: false,
      settings: { tickTime: '300', initLimit: '10', syncLimit: '6' },
    };
    return {
      origin: { monotonicNs: '0', wallMs: 0 },
      scenario: {
        name: 'simulated',
        about: '',
        tags: [],
        workload: { use: 'mixed' },
        warmUpMs: 1,
        coolDownMs: 1,
        steps: [],
        powerOff: true,
      },
      topology,
      plan: { seed: 0, steps: this.steps },
      journal: this.journal,
      roles: [],
      ledger: {
        reigns: this.reigns,
        elections: [],
        spans: [],
        understood: Object.fromEntries(this.servers.map(({ sid }) => [sid, 100])),
        alarms: [],
      },
      root,
      transactions: simulatedDisks(
        this.log,
        this.results,
        this.servers.map(({ sid }) => sid),
        this.random.fork('disks'),
      ),
      lacks: {},
    };
  }
}
