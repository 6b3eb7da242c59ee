import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { type Clock, sleep } from '../../base/clock.ts';
import { Trouble } from '../../base/trouble.ts';
import type { Endpoint } from '../../topology/endpoint.ts';
import type { StoredFile } from '../../topology/stored-state.ts';
import { nodeName } from '../../topology/topology.ts';
import type { Damage, Exit, Machine, ProcessState, Signal, StartOptions } from '../backend.ts';
import { ask } from './engine.ts';
import { execIn } from './exec.ts';
import { exitOf } from './exit.ts';
import { freeze } from './freeze.ts';
import { type LaunchParts, launchOf, type NodeLaunch } from './node-launch.ts';
import { Output } from './output.ts';
import {
  hasDataLog,
  makeHolder,
  makeServer,
  type PodPlan,
  publishedPort,
  startHolder,
  storage,
} from './pod.ts';
import { serverUser, type TarFile, tarOf } from './tar.ts';
import { unpack } from './unpack.ts';
import type { Watchdog } from './watchdog.ts';

/** An engine that stops ends all its containers within about a second. */
const holderFollowsMs = 1_000;
/** Test servers store a few MB. */
const copyMs = 60_000;
/** Between the end of a process and that of its log; they come within a few ms. */
const lastLinesMs = 5_000;
/** Where the holder keeps files that were taken from the server. */
const laidBy = '/laid-by';
/** A server can run for hours. */
const foreverMs = 7 * 24 * 3600_000;

export interface MachineParts {
  plan: PodPlan;
  servers: LaunchParts['servers'];
  logDirectory: string;
  clock: Clock;
  watchdog: Watchdog;
  /** Whether clients reach the server's own address; else the published port, at `clientHost`. */
  direct: boolean;
  clientHost: string;
}

/** A server or broker as a container of its image, inside the network and on the storage its holder keeps. */
export class DockerMachine implements Machine {
  readonly sid: number;
  readonly name: string;
  readonly logFile: string;
  readonly #parts: MachineParts;
  #pod: { holder: Docker.Container; held: Promise<string | undefined> } | undefined;
  #endpoint: Endpoint | undefined;
  /** Its container, and what that was made of, as JSON. */
  #server: { container: Docker.Container; made: string } | undefined;
  /** The files the holder writes, as JSON; undefined once a server may have changed them. */
  #placed: string | undefined;
  #asked = false;
  #exit: Promise<Exit> = Promise.resolve({ code: null, signal: null });

  constructor(parts: MachineParts) {
    this.sid = parts.plan.sid;
    this.name = nodeName(this.sid);
    this.logFile = join(parts.logDirectory, `${this.name}.log`);
    this.#parts = parts;
  }

  get endpoint(): Endpoint {
    if (!this.#endpoint) throw new Error(`the holder of ${this.name} does not run yet`);
    return this.#endpoint;
  }

  get holder(): Docker.Container {
    if (!this.#pod) throw new Error(`${this.name} has no holder yet`);
    return this.#pod.holder;
  }

  /** Makes the log file and both containers, and begins to start the holder; once, before the first start. */
  async prepare(): Promise<void> {
    const { plan, direct } = this.#parts;
    await writeFile(this.logFile, '', { flag: 'a' });
    const { made, files } = this.#launch({});
    const holder = await makeHolder(plan, files);
    this.#server = { container: await makeServer(plan, holder, made), made: JSON.stringify(made) };
    this.#placed = JSON.stringify(files);
    if (direct) this.#endpoint = this.#at(plan.network.subnet.addressOf(this.sid), plan.port);
    this.#pod = { holder, held: this.#hold(holder) };
    // `held` is awaited before the first start and throws there; until then a failure must not count as unhandled.
    this.#pod.held.catch(() => undefined);
  }

  /** Resolves when the holder runs: undefined, or why it cannot filter packets. */
  async held(): Promise<string | undefined> {
    return this.#pod?.held;
  }

  async #hold(holder: Docker.Container): Promise<string | undefined> {
    const { plan, direct, clientHost } = this.#parts;
    const noFilter = await startHolder(holder, plan);
    if (!direct) this.#endpoint = this.#at(clientHost, await publishedPort(holder, plan));
    return noFilter;
  }

  #at(host: string, port: number): Endpoint {
    return { sid: this.sid, host, port };
  }

  async start(options: StartOptions = {}) {
    if ((await this.state()) !== 'gone')
      throw new Error(`${this.name} is started while its process still runs`);
    // A broker must be told the port it is published on.
    if (!this.#parts.direct) await this.held();
    const { version, made, files } = this.#launch(options);
    const container = await this.#containerOf(made);
    // While the holder may still be starting.
    const output = await Output.of(container, this.logFile, this.name);
    try {
      await this.held();
      await this.#place(container, made.places.conf, files);
      await ask(`starting ${this.name}`, container.start());
    } catch (error) {
      output.close();
      throw error;
    }
    this.#asked = false;
    this.#exit = this.#follow(container, output);
    // Whoever asks when it ended is told; nobody need ask.
    this.#exit.catch(() => undefined);
    const { State } = await ask(`looking at ${this.name}`, container.inspect());
    return { pid: State.Pid || undefined, version };
  }

  #launch(options: StartOptions): NodeLaunch {
    const { plan, servers, direct } = this.#parts;
    const { topology, network } = plan;
    const parts = { topology, servers, addressOf: network.subnet.addressOf };
    return launchOf(parts, this.sid, options, direct ? undefined : this.#endpoint);
  }

  /** Puts the server's files in place, unless its holder has done so and no server has run since, which may change them. */
  async #place(container: Docker.Container, confDir: string, files: TarFile[]): Promise<void> {
    const there = this.#placed === JSON.stringify(files);
    this.#placed = undefined;
    if (there) return;
    const archive = tarOf(files, Date.now());
    await ask(`configuring ${this.name}`, container.putArchive(archive, { path: confDir }));
  }

  async signal(signal: Signal): Promise<void> {
    const container = this.#server?.container;
    if (!container || (await this.state()) === 'gone')
      throw new Error(`${this.name} has no process to send ${signal} to`);
    const doing = `sending ${signal} to ${this.name}`;
    // An engine freezes a container by its control group, which no signal of the process's own can undo.
    if (signal === 'SIGSTOP') await freeze(container, doing);
    else if (signal === 'SIGCONT') await this.#thaw(container, doing);
    else {
      this.#asked = true;
      await ask(doing, container.kill({ signal }));
    }
  }

  async state(): Promise<ProcessState> {
    if (!this.#server) return 'gone';
    const { State } = await ask(`looking at ${this.name}`, this.#server.container.inspect());
    if (State.Paused) return 'paused';
    return State.Running ? 'running' : 'gone';
  }

  ended(): Promise<Exit> {
    return this.#exit;
  }

  /** The whole site is about to be removed, servers that still run included. */
  expectRemoval(): void {
    this.#asked = true;
  }

  async thawAt(untilNs: number | null): Promise<void> {
    if (!this.#server) return;
    const { clock, watchdog } = this.#parts;
    const inMs = untilNs === null ? null : Math.max(0, (untilNs - clock.nowNs()) / 1e6);
    watchdog.thaw(this.#server.container.id, inMs);
  }

  async wipe(): Promise<void> {
    if ((await this.state()) !== 'gone') throw new Error(`${this.name} is wiped while its process runs`);
    await this.#inStorage(['-mindepth', '1', '-delete'], 'wiping');
  }

  /** Into the holder's view of the storage, and given to the server's user. */
  async plant(files: readonly StoredFile[]): Promise<void> {
    await this.held();
    const doing = `putting files on the disk of ${this.name}`;
    const separate = hasDataLog(this.#parts.plan);
    const placeOf = ({ area }: StoredFile) => (area === 'log' && separate ? storage.dataLog : storage.data);
    for (const place of new Set(files.map(placeOf))) {
      const own = files.filter((file) => placeOf(file) === place);
      const archive = tarOf(
        own.map(({ path, bytes }) => ({ name: path, text: bytes })),
        Date.now(),
      );
      await ask(doing, this.holder.putArchive(archive, { path: place }));
      const { code, stderr } = await execIn(
        this.holder,
        ['chown', '-R', `${serverUser}:${serverUser}`, place],
        doing,
      );
      if (code !== 0)
        throw new Trouble(this.name, `${doing} failed: ${stderr.trim()}`, 'see that its volume is sound');
    }
  }

  async storedFiles(): Promise<string[]> {
    return (await this.#inStorage(['-mindepth', '1'], 'listing the files of')).split('\n').filter(Boolean);
  }

  /** The holder, whose file system outlives the server's, keeps what is laid by. */
  async damage(paths: readonly string[], how: Damage): Promise<void> {
    if ((await this.state()) !== 'gone') throw new Error(`${this.name} is damaged while its process runs`);
    const spoil = how === 'emptied' ? ': >"$file"' : 'rm "$file"';
    const script = `for file; do mkdir -p "${laidBy}\${file%/*}" && cp -p "$file" "${laidBy}$file" && ${spoil} || exit 1; done`;
    await this.#inHolder(['sh', '-c', script, 'sh', ...paths], 'damaging the files of');
  }

  async repair(): Promise<void> {
    if ((await this.state()) !== 'gone') throw new Error(`${this.name} is repaired while its process runs`);
    // File by file: folders that were made here have another owner than the server's.
    const script = `cd ${laidBy} && find . -type f -exec cp -p {} /{} ';' && rm -r ${laidBy}`;
    await this.#inHolder(['sh', '-c', script], 'giving back the files of');
  }

  /** A copy that is cut short must not be taken for a server that stored nothing: it has the name only when it is whole. */
  async keepData(directory: string): Promise<void> {
    const whole = join(directory, this.name);
    const part = `${whole}.part`;
    await mkdir(part, { recursive: true });
    const doing = `reading the data of ${this.name}`;
    for (const path of this.#storage) {
      const archive = await ask(doing, this.holder.getArchive({ path }));
      await ask(doing, unpack(archive, part), copyMs);
    }
    await rename(part, whole);
  }

  get #storage(): string[] {
    return hasDataLog(this.#parts.plan) ? [storage.data, storage.dataLog] : [storage.data];
  }

  async #inStorage(find: readonly string[], doing: string): Promise<string> {
    return this.#inHolder(['find', ...this.#storage, ...find], doing);
  }

  async #inHolder(command: readonly string[], doing: string): Promise<string> {
    const what = `${doing} ${this.name}`;
    const { code, stdout, stderr } = await execIn(this.holder, command, what);
    if (code !== 0)
      throw new Trouble(this.name, `${what} failed: ${stderr.trim()}`, 'see that its volume is sound');
    return stdout;
  }

  /** The node's container, made anew when another image or other variables are wanted, which no container can change. */
  async #containerOf(made: NodeLaunch['made']): Promise<Docker.Container> {
    const wanted = JSON.stringify(made);
    if (this.#server?.made === wanted) return this.#server.container;
    const old = this.#server?.container;
    if (old) await ask(`removing the old container of ${this.name}`, old.remove({ v: true, force: true }));
    const container = await makeServer(this.#parts.plan, this.holder, made);
    this.#server = { container, made: wanted };
    return container;
  }

  /** Resolves when the process has ended and its log is whole; rejects as soon as either cannot be known any more. */
  async #follow(container: Docker.Container, output: Output): Promise<Exit> {
    const ended = ask(`waiting for ${this.name} to end`, container.wait(), foreverMs);
    try {
      // The end of one is the end of the other; an engine that tells only one of them has lost the rest.
      const missing = await Promise.race([
        ended.then(() => `waiting for the last lines of ${this.name}, which has ended`),
        output.whole.then(() => `asking how ${this.name} ended, whose log is over`),
      ]);
      const both = Promise.all([ended, output.whole]);
      const [{ StatusCode }] = await ask(missing, both, lastLinesMs);
      if (!this.#asked) await this.#checkHolder();
      return exitOf(StatusCode as number);
    } finally {
      output.close();
    }
  }

  /**
   * A server that ended unasked may have done so because the engine stops, or because somebody cleans up containers.
   * Then its holder goes too, and ZooKeeper is not to blame.
   */
  async #checkHolder(): Promise<void> {
    await sleep(holderFollowsMs);
    const { State } = await ask(`looking at the holder of ${this.name}`, this.holder.inspect());
    if (State.Running) return;
    throw new Trouble(
      this.name,
      'its container was stopped from outside, together with the one that holds its network',
      'see who stopped containers or the engine, and run again',
    );
  }

  /** The reaper may have thawed it a moment ago, which is as good. */
  async #thaw(container: Docker.Container, doing: string): Promise<void> {
    try {
      await ask(doing, container.unpause());
    } catch (error) {
      if ((await this.state()) !== 'running') throw error;
    }
  }
}
