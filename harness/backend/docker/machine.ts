import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { type Clock, sleep } from '../../base/clock.ts';
import { messageOf, Trouble } from '../../base/trouble.ts';
import { waitFor } from '../../base/wait.ts';
import type { Endpoint } from '../../topology/endpoint.ts';
import { nodeName } from '../../topology/topology.ts';
import type { Exit, Machine, ProcessState, Signal, StartOptions } from '../backend.ts';
import { ask } from './engine.ts';
import { execIn } from './exec.ts';
import { exitOf } from './exit.ts';
import { Output } from './output.ts';
import { makeHolder, makeServer, type PodPlan, publishedPort, startHolder, storage } from './pod.ts';
import { serverFiles } from './server-files.ts';
import type { ContainerServers, ServerImage } from './server-image.ts';
import { tarOf } from './tar.ts';
import type { Watchdog } from './watchdog.ts';

/** An engine that stops ends all its containers within about a second. */
const holderFollowsMs = 1_000;
/** Longest time for a freeze to come about; the first try mostly succeeds. */
const freezeMs = 10_000;
/** A server can run for hours. */
const foreverMs = 7 * 24 * 3600_000;

export interface MachineParts {
  plan: PodPlan;
  images: ContainerServers['images'];
  logDirectory: string;
  clock: Clock;
  watchdog: Watchdog;
  /** Whether clients reach the server's own address; else the published port, at `clientHost`. */
  direct: boolean;
  clientHost: string;
}

/** A server as a container of its image, inside the network and on the storage its holder keeps. */
export class DockerMachine implements Machine {
  readonly sid: number;
  readonly name: string;
  readonly logFile: string;
  readonly #parts: MachineParts;
  #pod: { holder: Docker.Container; held: Promise<string | undefined> } | undefined;
  #endpoint: Endpoint | undefined;
  #server: { container: Docker.Container; image: ServerImage } | undefined;
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
    const holder = await makeHolder(plan);
    if (direct)
      this.#endpoint = this.#at(plan.network.subnet.addressOf(this.sid), plan.topology.ports.client);
    this.#pod = { holder, held: this.#hold(holder) };
    // `held` is awaited before the first start and throws there; until then a failure must not count as unhandled.
    this.#pod.held.catch(() => undefined);
    await this.#containerOf(this.#imageOf(this.#version({})));
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
    const { plan } = this.#parts;
    const version = this.#version(options);
    const image = this.#imageOf(version);
    const container = await this.#containerOf(image);
    const files = serverFiles(
      plan.topology,
      this.sid,
      image,
      plan.network.subnet.addressOf,
      version,
      options,
    );
    await ask(
      `configuring ${this.name}`,
      container.putArchive(tarOf(files, Date.now()), { path: image.confDir }),
    );
    await this.held();
    const output = await Output.of(container, this.logFile, this.name);
    try {
      await ask(`starting ${this.name}`, container.start());
    } catch (error) {
      await output.close();
      throw error;
    }
    this.#asked = false;
    this.#exit = this.#follow(container, output);
    // Whoever asks when it ended is told; nobody need ask.
    this.#exit.catch(() => undefined);
    const { State } = await ask(`looking at ${this.name}`, container.inspect());
    return { pid: State.Pid || undefined, version };
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

  async storedFiles(): Promise<number> {
    return (await this.#inStorage(['-mindepth', '1'], 'counting the files of')).split('\n').filter(Boolean)
      .length;
  }

  async keepData(directory: string): Promise<void> {
    const target = join(directory, this.name);
    await mkdir(target, { recursive: true });
    for (const path of this.#storage) {
      const archive = await ask(`reading the data of ${this.name}`, this.holder.getArchive({ path }));
      await unpack(archive, target);
    }
  }

  get #storage(): string[] {
    return this.#parts.plan.topology.separateLogDir ? [storage.data, storage.dataLog] : [storage.data];
  }

  async #inStorage(find: readonly string[], doing: string): Promise<string> {
    const what = `${doing} ${this.name}`;
    const { code, stdout, stderr } = await execIn(this.holder, ['find', ...this.#storage, ...find], what);
    if (code !== 0)
      throw new Trouble(this.name, `${what} failed: ${stderr.trim()}`, 'see that its volume is sound');
    return stdout;
  }

  #version({ version }: StartOptions): string {
    const node = this.#parts.plan.topology.nodes.find(({ sid }) => sid === this.sid);
    return version ?? node!.version;
  }

  #imageOf(version: string): ServerImage {
    const image = this.#parts.images[version];
    if (image) return image;
    throw new Trouble(this.name, `there is no image of ZooKeeper ${version} here`, 'name it in the topology');
  }

  /** The server's container, made anew when another release is wanted: only an image can change what runs. */
  async #containerOf(image: ServerImage): Promise<Docker.Container> {
    if (this.#server?.image.name === image.name) return this.#server.container;
    const old = this.#server?.container;
    if (old) await ask(`removing the old container of ${this.name}`, old.remove({ v: true, force: true }));
    const container = await makeServer(this.#parts.plan, this.holder, image);
    this.#server = { container, image };
    return container;
  }

  async #follow(container: Docker.Container, output: Output): Promise<Exit> {
    try {
      const { StatusCode } = await ask(`waiting for ${this.name} to end`, container.wait(), foreverMs);
      if (!this.#asked) await this.#checkHolder();
      return exitOf(StatusCode as number);
    } finally {
      await output.close();
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

/**
 * On a busy machine with control groups of version 1 a freeze may not come about in runc's time ("unable to freeze"); runc
 * then thaws what it froze, and trying again helps (opencontainers/runc, fs/freezer.go).
 */
async function freeze(container: Docker.Container, doing: string): Promise<void> {
  const what = `the engine to succeed in ${doing}`;
  const { failure } = await waitFor({ what, deadlineMs: freezeMs, everyMs: 50 }, async () => {
    try {
      await ask(doing, container.pause());
      return { failure: undefined };
    } catch (error) {
      return /unable to freeze/.test(messageOf(error)) ? undefined : { failure: error };
    }
  });
  if (failure !== undefined) throw failure;
}

/** `tar` is part of every Linux, of macOS, and of Windows 10. */
async function unpack(archive: NodeJS.ReadableStream, directory: string): Promise<void> {
  const tar = spawn('tar', ['--no-same-owner', '-xf', '-', '-C', directory], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [, [code]] = await Promise.all([
    pipeline(archive, tar.stdin),
    once(tar, 'close') as Promise<[number]>,
  ]);
  if (code !== 0)
    throw new Trouble('tar', stderr.trim() || `ended with ${code}`, 'make room in the run directory');
}
