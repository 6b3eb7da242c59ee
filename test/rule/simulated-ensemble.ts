import { type Random, randomFrom } from '../../harness/base/random.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import { flagBits, type Op, type Zxid } from '../../harness/history/op.ts';
import type { PlannedStep } from '../../harness/plan/plan.ts';
import type { Evidence } from '../../harness/rule/rule.ts';
import { Cluster, type Server } from './simulated-cluster.ts';
import { simulatedDisks } from './simulated-disks.ts';
import { injectFault } from './simulated-faults.ts';
import { type Asked, create, firstNodes, lock, nextMove, root } from './simulated-moves.ts';
import { SimulatedRecord } from './simulated-record.ts';
import { simulatedSetting } from './simulated-setting.ts';
import { type Kept, SimulatedWatches } from './simulated-watches.ts';
import type { Fired, Request } from './znode-tree.ts';

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
  connected: boolean;
  lastZxid: number;
  xid: number;
  queue: Pending[];
  /** Sent on a connection that broke, and not committed yet: may still be, in order, until the session sends more. */
  ghosts: Pending[];
  over: boolean;
  ephemerals: string[];
  watches: SimulatedWatches;
  place: { node: string; first: boolean; wrote: boolean } | undefined;
}

interface Client {
  index: number;
  values: number;
  versions: Map<string, number>;
  aversions: Map<string, number>;
  session: Session | undefined;
}

const newClient = (index: number): Client => ({
  index,
  values: 0,
  versions: new Map(),
  aversions: new Map(),
  session: undefined,
});

class Simulation {
  private readonly random: Random;
  private readonly clientCount: number;
  private readonly events: number;
  private readonly trouble: boolean;
  /** Servers before 3.9 tell events without their zxids. */
  private readonly tellsZxids: boolean;
  private readonly cluster: Cluster;
  private readonly record: SimulatedRecord;
  private readonly steps: PlannedStep[] = [];
  private readonly sessions: Session[] = [];
  /** Updates on their way back, by index in the log. */
  private readonly waiting = new Map<number, Session>();
  private heal: (() => void) | undefined;
  private acks = 0;

  constructor(random: Random, { servers = 3, clients = 4, events = 400, trouble = true }: SimulationOptions) {
    this.random = random;
    this.record = new SimulatedRecord(random);
    this.clientCount = clients;
    this.events = events;
    this.trouble = trouble;
    this.tellsZxids = random.int(1, 4) > 1;
    this.cluster = new Cluster(servers, random.fork('cluster'), (server, index, fired) =>
      this.applied(server, index, fired),
    );
  }

  run(): Simulated {
    this.record.enter('start');
    const { servers } = this.cluster;
    for (const { sid } of servers)
      this.record.write({ kind: 'server-start', sid, version: '3.9.5', pid: sid });
    this.elect();
    this.setUp();
    this.record.phase = 'workload';
    this.record.enter('warm-up');
    const clients = Array.from({ length: this.clientCount }, (_, index) => newClient(index));
    this.work(clients);
    this.record.enter('heal');
    for (const client of clients) this.retire(client);
    this.record.phase = 'final';
    this.record.enter('final');
    this.readAll();
    this.record.phase = 'poweroff';
    this.record.enter('power-off');
    for (const { sid } of servers) {
      this.record.write({ kind: 'server-exit', sid, code: null, signal: 'SIGKILL', asked: true });
    }
    for (const { sid } of servers)
      this.record.write({ kind: 'server-start', sid, version: '3.9.5', pid: sid + 100 });
    this.record.pass(2e9);
    this.elect();
    this.readAll();
    this.record.enter('done');
    const { log, results, reigns } = this.cluster;
    const sids = servers.map(({ sid }) => sid);
    return {
      ops: this.record.ops,
      rest: {
        ...simulatedSetting(
          sids,
          reigns,
          log.map(({ zxid }) => zxid),
        ),
        root,
        plan: { seed: 0, steps: this.steps },
        journal: this.record.journal,
        transactions: simulatedDisks(log, results, sids, this.random.fork('disks')),
      },
    };
  }

  private work(clients: Client[]): void {
    const { random, cluster } = this;
    let acksAtHeal = -1;
    for (let event = 0; event < this.events || this.heal || this.acks <= acksAtHeal; event++) {
      this.record.pass();
      const client = random.pick(clients);
      const draw = random.int(1, 1000);
      if (draw <= 420) this.invoke(client);
      else if (draw <= 900 || !this.trouble) this.advance(client);
      else if (draw <= 940) cluster.replicate(random.pick(cluster.servers), cluster.log.length);
      else if (draw <= 960) this.disconnect(client);
      else if (draw <= 968) this.expire(client);
      else if (draw <= 976) this.leave(client);
      else if (draw <= 980 && cluster.up.length === cluster.servers.length) this.elect();
      else if (draw <= 990 && !this.heal && this.acks > 5 && event < this.events)
        this.heal = this.breakSomething();
      else if (draw > 990 && this.heal) {
        this.heal();
        this.heal = undefined;
        acksAtHeal = this.acks;
      }
    }
  }

  private elect(): void {
    this.record.pass(2e6);
    this.cluster.elect(this.record.now);
  }

  private commit(owner: string, request: Request, cxid = 0): number {
    return this.cluster.commit(owner, request, cxid, Math.floor(this.record.now / 1e6));
  }

  /** Events first, then the answer to who asked: a server sends both while it applies the transaction. */
  private applied(server: Server, index: number, fired: readonly Fired[]): void {
    const zxid = this.cluster.log[index]!.zxid;
    for (const change of fired) {
      for (const session of this.sessions) {
        if (session.connected && session.server === server && session.watches.take(change)) {
          this.record.tell(session, change, this.tellsZxids ? zxid : 0);
        }
      }
    }
    const session = this.waiting.get(index);
    if (!session?.connected || session.server !== server) return;
    this.waiting.delete(index);
    this.answerWrite(session, session.queue.shift()!);
  }

  private begin(client: Client, server: Server): Session {
    const number = this.sessions.length + 1;
    const id = (0x100000000000000n + BigInt(number)).toString(16).padStart(16, '0');
    const index = this.commit(id, { kind: 'session', ends: false });
    this.cluster.replicate(server, index + 1);
    const session: Session = {
      number,
      id,
      client,
      server,
      connected: true,
      lastZxid: 0,
      xid: 0,
      queue: [],
      ghosts: [],
      over: false,
      ephemerals: [],
      watches: new SimulatedWatches(),
      place: undefined,
    };
    this.sessions.push(session);
    client.session = session;
    this.recordConnect(session);
    return session;
  }

  private recordConnect(session: Session): void {
    const name = `c${session.client.index}`;
    this.record.end(session, {
      ...this.record.begin(session, 'connect', ''),
      value: name,
      result: session.id,
      version: 4000,
    });
  }

  private send(session: Session, { kind, path, fill, request }: Asked): void {
    const op = { ...this.record.begin(session, kind, path), xid: ++session.xid, ...fill };
    session.queue.push({ op, request, index: -1 });
  }

  private setUp(): void {
    const session = this.begin(newClient(99), this.cluster.servers[0]!);
    for (const path of firstNodes) this.send(session, create(path, '0'));
    this.end(session);
    while (session.queue.length > 0) this.advanceSession(session);
  }

  private end(session: Session): void {
    session.over = true;
    session.client.session = undefined;
    this.send(session, { kind: 'close', path: '', request: { kind: 'session', ends: true } });
  }

  /** The client's next operation, or its next connection. */
  private invoke(client: Client): void {
    const { random } = this;
    const session = client.session ?? this.freshSession(client);
    if (!session || session.queue.length >= 4) return;
    const asked = nextMove({
      random,
      unique: () => `c${client.index}-${++client.values}`,
      versions: client.versions,
      aversions: client.aversions,
      own: session.ephemerals,
      all: this.sessions.flatMap((each) => (each.over ? [] : each.ephemerals)),
      place: session.place,
    });
    const queues = asked.kind === 'create' && asked.path.startsWith(lock);
    if (queues && session.queue.some(({ op }) => op.path === asked.path)) return;
    this.send(session, asked);
  }

  private freshSession(client: Client): Session | undefined {
    const { quorum, up } = this.cluster;
    return quorum ? this.begin(client, this.random.pick(up)) : undefined;
  }

  private advance(client: Client): void {
    const session = client.session ?? this.sessions.findLast((each) => each.client === client);
    if (session) this.advanceSession(session);
  }

  /** Commits a write, or answers the first operation in line. */
  private advanceSession(session: Session): void {
    const { random, cluster } = this;
    if (session.ghosts.length > 0 && cluster.quorum && random.int(1, 2) === 1) {
      const ghost = session.ghosts.shift()!;
      this.commit(session.id, ghost.request!, ghost.op.xid);
      return;
    }
    const { server, queue } = session;
    if (server.state === 'frozen' || server.state === 'down') return;
    const next = queue.findIndex(({ index }) => index < 0);
    const pending = queue[next];
    const ordered = queue.slice(0, next).every(({ request }) => request !== undefined);
    const mayCommit = cluster.quorum && server.state === 'up' && ordered;
    if (pending?.request && mayCommit && (next === 0 || random.int(1, 2) === 1)) {
      // What its session sends now is behind everything it sent before; the rest of that never arrived.
      session.ghosts = [];
      pending.index = this.commit(session.id, pending.request, pending.op.xid);
      this.waiting.set(pending.index, session);
      return;
    }
    const head = queue[0];
    if (!head) return;
    // Updates and syncs go through the leader; a server that was cut off still reads.
    const needsLeader = head.request !== undefined || head.op.kind === 'sync';
    if (needsLeader && server.state !== 'up') return;
    if (head.request) {
      if (head.index >= 0) cluster.replicate(server, head.index + 1);
      return;
    }
    if (random.int(1, 3) === 1) cluster.replicate(server, random.int(server.applied, cluster.log.length));
    if (head.op.kind === 'sync') cluster.replicate(server, cluster.log.length);
    queue.shift();
    this.answerRead(session, head.op);
  }

  private answerWrite(session: Session, { op, index }: Pending): void {
    const result = this.cluster.results.get(index)!;
    op.zxid = this.cluster.log[index]!.zxid as Zxid;
    op.error = result.error;
    op.outcome = result.error === 0 ? 'ok' : 'fail';
    op.result = result.parts ? JSON.stringify(result.parts) : (result.name ?? null);
    op.stat = result.stat ?? null;
    this.remember(session, op);
    this.record.end(session, op);
    if (op.kind === 'close') session.connected = false;
    if (this.record.phase === 'workload' && op.outcome === 'ok' && op.kind !== 'close') this.acks++;
  }

  private remember(session: Session, op: Op): void {
    const { client, place } = session;
    if (op.path === place?.node && op.kind === 'delete') session.place = undefined;
    if (op.outcome !== 'ok') return;
    if (op.stat) client.versions.set(op.path, op.stat.version);
    if (op.stat) client.aversions.set(op.path, op.stat.aversion);
    if (op.kind === 'create' && op.flags === 1) session.ephemerals.push(op.path);
    if (op.kind === 'create' && op.flags === 3)
      session.place = { node: op.result!, first: false, wrote: false };
    if (op.kind === 'multi') for (const { path } of JSON.parse(op.value!)) client.versions.delete(path);
    if (place && op.kind === 'setData' && op.path.startsWith(`${root}/guarded`)) place.wrote = true;
    if (!place || op.kind !== 'getChildren' || op.path !== lock) return;
    const names = (JSON.parse(op.result!) as string[]).sort();
    if (`${lock}/${names[0]}` === place.node) place.first = true;
  }

  private answerRead(session: Session, op: Op): void {
    const { server, watches } = session;
    op.zxid = this.cluster.zxidOf(server) as Zxid;
    const stat = server.tree.stat(op.path);
    const isWatch = (op.flags & flagBits.watch) !== 0;
    if (op.kind === 'addWatch') watches.add(op.value as Kept, op.path);
    else if (op.kind !== 'sync' && stat) {
      op.stat = stat;
      if (op.kind === 'getData') op.value = server.tree.data(op.path);
      if (op.kind === 'getChildren') op.result = JSON.stringify(server.tree.children(op.path));
      if (op.kind === 'getACL') op.result = server.tree.acls(op.path);
      if (isWatch) watches.add(op.kind === 'getChildren' ? 'child' : 'data', op.path);
    } else if (op.kind !== 'sync') {
      op.outcome = 'fail';
      op.error = -101;
      if (isWatch && op.kind === 'exists') watches.add('exist', op.path);
    }
    this.remember(session, op);
    this.record.end(session, op);
  }

  /** The connection breaks: nobody knows what became of what was on its way. */
  private disconnect(client: Client, mayReturn = true): void {
    const { session } = client;
    if (!session) return;
    session.connected = false;
    for (const pending of session.queue) {
      const { op, index, request } = pending;
      this.waiting.delete(index);
      this.record.end(session, { ...op, outcome: 'unknown', error: -4 });
      if (request && index < 0 && session.server.state === 'up') session.ghosts.push(pending);
    }
    session.queue = [];
    session.xid = 0;
    if (mayReturn) this.move(session);
  }

  /** To a server that is not behind what the session has seen. */
  private move(session: Session): void {
    const { cluster, random } = this;
    const server = random.pick(cluster.up.length > 0 ? cluster.up : cluster.servers);
    while (cluster.zxidOf(server) < session.lastZxid) cluster.replicate(server, server.applied + 1);
    session.server = server;
    session.connected = true;
    this.recordConnect(session);
    // The client sets its watches again before anything else, and events of that have no zxid.
    const events = session.watches.setAgain(session.lastZxid, (path) => server.tree.stat(path));
    for (const event of events) this.record.tell(session, event, 0);
  }

  /** The servers end a session that they did not hear of; its client learns that when it comes back. */
  private expire(client: Client): void {
    const { session } = client;
    if (!session || !this.cluster.quorum) return;
    this.disconnect(client, false);
    for (const { request, op } of session.ghosts) {
      if (this.random.int(1, 2) === 1) this.commit(session.id, request!, op.xid);
    }
    session.ghosts = [];
    this.commit(session.id, { kind: 'session', ends: true });
    session.over = true;
    client.session = undefined;
    if (this.random.int(1, 2) === 1) this.record.end(session, this.record.begin(session, 'expired', ''));
  }

  private leave(client: Client): void {
    const { session } = client;
    if (!session || !this.cluster.quorum || session.server.state !== 'up') return;
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
      if (this.cluster.log.at(-1)?.owner !== session.id)
        this.commit(session.id, { kind: 'session', ends: true });
    }
  }

  private breakSomething(): () => void {
    const { random, cluster, record, steps } = this;
    return injectFault(random, {
      cluster,
      record,
      steps,
      elect: () => this.elect(),
      died: (servers) => this.dropClientsOf(servers),
    });
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
    const { cluster } = this;
    const catchUp = () => {
      for (const server of cluster.servers) cluster.replicate(server, cluster.log.length);
    };
    catchUp();
    for (const server of cluster.servers) {
      const session = this.begin(newClient(100 + server.sid), server);
      this.send(session, { kind: 'sync', path: root });
      const paths = [root];
      for (const path of paths) {
        this.send(session, { kind: 'getChildren', path });
        this.send(session, { kind: 'getData', path });
        for (const name of cluster.leaderTree.children(path)) paths.push(`${path}/${name}`);
      }
      this.end(session);
      while (session.queue.length > 0) this.advanceSession(session);
      catchUp();
    }
  }
}
