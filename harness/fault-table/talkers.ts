import type { OwnSite, Place, RunningProgram } from '../backend/backend.ts';
import { Trouble } from '../base/trouble.ts';
import { waitFor } from '../base/wait.ts';
import type { PortClass } from '../topology/topology.ts';
import type { Letter } from './row.ts';
import type { Speech } from './speech.ts';
import { talkerCommand } from './talker-program.ts';

/** Containers start a program in a fraction of this; so are connections and sessions opened, on a machine at rest. */
const readyMs = 20_000;

/** From a place to a port of a server. */
export interface Path {
  from: Place;
  to: number;
  port: PortClass;
}

/** The program does not run here. */
export class NoTalker extends Trouble {}

interface Connection {
  readonly id: string;
  readonly from: Place;
  state: 'trying' | 'open' | 'refused' | 'failed' | 'closed';
  /** Answered so far, and as many as answer everything that was said. */
  bytes: number;
  bytesDue: number;
  /** The last question, and the last that reached the other end; only our own echo tells that. */
  question: number;
  heard: number;
}

/** A program at every place (talker-program.ts) that tries new connections, and keeps some open to ask on. */
export class Talkers {
  readonly #site: OwnSite;
  readonly #programs = new Map<Place, RunningProgram>();
  readonly #connections = new Map<string, Connection>();
  #kept: Connection[] = [];
  #made = 0;
  #ready = 0;
  #listening = 0;
  /** Orders to try or to say something that are not begun yet, and when the last one was. */
  #owed = 0;
  #begunAt = 0;
  #lost: string | undefined;

  /** Throws `NoTalker` where the program does not run. */
  static async start(site: OwnSite): Promise<Talkers> {
    const talkers = new Talkers(site);
    const places: Place[] = [...site.machines.keys(), 'clients'];
    await Promise.all(places.map((place) => talkers.#startAt(place)));
    const ready = () => talkers.#ready === places.length;
    await waitFor(
      { what: 'a program at every place', deadlineMs: readyMs },
      () => ready() || talkers.#lost !== undefined || undefined,
    );
    if (ready()) return talkers;
    throw new NoTalker(
      'the program that keeps connections',
      `does not run (${talkers.#lost})`,
      'install the package perl',
    );
  }

  private constructor(site: OwnSite) {
    this.#site = site;
  }

  async #startAt(place: Place): Promise<void> {
    const program = await this.#site.runAt(place, talkerCommand, (line) => this.#hear(line));
    this.#programs.set(place, program);
    program.ended.then((words) => {
      this.#lost ??= words || 'without a word';
    });
  }

  /** Listens on every port of every server, in the server's place, and echoes. */
  async listen(): Promise<void> {
    const { machines, topology } = this.#site;
    const ports = Object.values(topology.ports);
    for (const sid of machines.keys()) for (const port of ports) this.#tell(sid, `listen ${port}`);
    const all = machines.size * ports.length;
    await this.#until('the echo to listen on every port', () => this.#listening === all);
  }

  /** Tries a new connection on each path; what has no answer `quietMs` after it was begun hangs. */
  async tryNew(paths: readonly Path[], quietMs: number): Promise<Letter[]> {
    const tries = paths.map((path) => this.#connect(path));
    await this.#until('new connections to be tried', () => {
      return tries.every(({ state }) => state !== 'trying') || this.quietForMs() >= quietMs;
    });
    const letters = tries.map(({ state }): Letter => {
      if (state === 'trying') return '-';
      if (state === 'refused') return 'x';
      return state === 'failed' ? '!' : 'o';
    });
    for (const each of tries) this.#letGo(each);
    return letters;
  }

  /** Opens a connection on each path, greets, and keeps it; what was kept before is let go. */
  async keep(paths: readonly Path[], { hello }: Speech): Promise<void> {
    for (const each of this.#kept) this.#letGo(each);
    this.#kept = paths.map((path) => {
      const connection = this.#connect(path);
      if (hello.answerBytes > 0) this.#say(connection, hello);
      return connection;
    });
    await this.#until('every connection to be open', () =>
      this.#kept.every(({ state, bytes, bytesDue }) => state === 'open' && bytes >= bytesDue),
    );
  }

  /** Says something on every connection that is kept and not closed. */
  ask(speech: Speech): void {
    for (const kept of this.#kept) {
      if (kept.state !== 'open') continue;
      kept.question += 1;
      this.#say(kept, speech.question(`${kept.id}.${kept.question}`));
    }
  }

  /** What became of the last question on each kept connection so far, in the order of the paths. */
  answers(): Letter[] {
    this.#checkAll();
    return this.#kept.map(({ state, bytes, bytesDue, heard, question }) => {
      if (state !== 'open') return 'x';
      if (bytes >= bytesDue) return 'o';
      return heard >= question ? '>' : '-';
    });
  }

  /** How long ago the last thing was said or tried, on the wire; 0 when some is still to come. */
  quietForMs(): number {
    return this.#owed > 0 ? 0 : performance.now() - this.#begunAt;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#programs.values()].map((program) => program.close()));
  }

  #connect({ from, to, port }: Path): Connection {
    const id = `k${++this.#made}`;
    const connection: Connection = {
      id,
      from,
      state: 'trying',
      bytes: 0,
      bytesDue: 0,
      question: 0,
      heard: 0,
    };
    this.#connections.set(id, connection);
    this.#owed += 1;
    this.#tell(from, `open ${id} ${this.#site.addressOf(to)} ${this.#site.topology.ports[port]}`);
    return connection;
  }

  #say(connection: Connection, { hex, answerBytes }: Speech['hello']): void {
    connection.bytesDue += answerBytes;
    this.#owed += 1;
    this.#tell(connection.from, `send ${connection.id} ${hex}`);
  }

  #letGo({ id, from }: Connection): void {
    this.#connections.delete(id);
    this.#tell(from, `close ${id}`);
  }

  #tell(place: Place, order: string): void {
    this.#programs.get(place)!.say(order);
  }

  /** What a program prints. Late words about connections that were let go mean nothing. */
  #hear(line: string): void {
    const [what, about = '', ...more] = line.split(' ');
    const [id = '', question] = about.split('.');
    const connection = this.#connections.get(id);
    switch (what) {
      case 'ready':
        this.#ready += 1;
        return;
      case 'listening':
        this.#listening += 1;
        return;
      case 'trying':
      case 'sent':
        this.#owed -= 1;
        this.#begunAt = performance.now();
        return;
      case 'heard':
        if (connection) connection.heard = Number(question);
        return;
      case 'got':
        if (connection) connection.bytes = Number(more[0]);
        return;
      case 'opened':
        if (connection) connection.state = 'open';
        return;
      case 'closed':
        if (connection) connection.state = 'closed';
        return;
      case 'failed':
        if (connection) connection.state = /refused|reset/i.test(more.join(' ')) ? 'refused' : 'failed';
        return;
      default:
        throw new Error(`a program that keeps connections printed "${line}"`);
    }
  }

  async #until(what: string, done: () => boolean): Promise<void> {
    const wait = { what, deadlineMs: readyMs, everyMs: 5 };
    await waitFor(wait, () => done() || this.#lost !== undefined || undefined);
    this.#checkAll();
  }

  #checkAll(): void {
    if (this.#lost !== undefined) throw new Error(`a program that keeps connections ended (${this.#lost})`);
  }
}
