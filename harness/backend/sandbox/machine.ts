import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Endpoint } from '../../topology/endpoint.ts';
import type { StoredFile } from '../../topology/stored-state.ts';
import { clientPortOf, nodeName, type Topology } from '../../topology/topology.ts';
import type { Damage, Exit, Machine, ProcessState, Signal, StartOptions } from '../backend.ts';
import { MemoryDisk } from './memory-disk.ts';
import { addressOf, inNamespace, sandboxRoot } from './network.ts';

/** The files a server needs before it starts and the command that starts it. */
export interface ServerLaunch {
  version: string;
  files: { path: string; text: string }[];
  command: string[];
}

export interface ServerDirectories {
  conf: string;
  data: string;
  dataLog: string;
}

export type Launcher = (sid: number, directories: ServerDirectories, options: StartOptions) => ServerLaunch;

/** A server as a child process in a network namespace of its own, its files in the sandbox's memory. */
export class SandboxMachine implements Machine {
  readonly sid: number;
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly logFile: string;
  readonly disk: MemoryDisk;
  /** In whose network it runs. */
  readonly #at: number;
  readonly #launcher: Launcher;
  readonly #clock: Clock;
  readonly #home: string;
  /** Files that were taken from it, at the same places below. */
  readonly #laidBy: string;
  readonly #directories: ServerDirectories;
  #process: ChildProcess | undefined;
  #exit: Promise<Exit> = Promise.resolve({ code: null, signal: null });
  #thaw: ChildProcess | undefined;

  constructor(sid: number, topology: Topology, logDirectory: string, launcher: Launcher, clock: Clock) {
    const home = join(sandboxRoot, nodeName(sid));
    this.sid = sid;
    this.name = nodeName(sid);
    const { at = sid } = topology.nodes.find((node) => node.sid === sid) ?? {};
    this.#at = at;
    this.endpoint = { sid, host: addressOf(at), port: clientPortOf(topology, sid) };
    this.disk = new MemoryDisk(home);
    this.logFile = join(logDirectory, `${this.name}.log`);
    this.#home = home;
    this.#laidBy = join(home, 'laid-by');
    this.#directories = {
      conf: join(home, 'conf'),
      data: join(home, 'data'),
      dataLog: join(home, topology.separateLogDir ? 'datalog' : 'data'),
    };
    this.#launcher = launcher;
    this.#clock = clock;
  }

  /** Makes the disk, the directories and the log file; once, before the first start. */
  async prepare(): Promise<void> {
    await this.disk.mount();
    for (const directory of Object.values(this.#directories)) await mkdir(directory, { recursive: true });
    await writeFile(this.logFile, '', { flag: 'a' });
  }

  async start(options: StartOptions = {}) {
    if ((await this.state()) !== 'gone')
      throw new Error(`${this.name} is started while its process still runs`);
    const launch = this.#launcher(this.sid, this.#directories, options);
    for (const { path, text } of launch.files) await writeFile(path, text);
    const [file, ...args] = inNamespace(this.#at, launch.command);
    const log = openSync(this.logFile, 'a');
    const child = spawn(file!, args, { stdio: ['ignore', log, log], cwd: this.#directories.conf });
    closeSync(log);
    this.#process = child;
    this.#exit = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return { pid: child.pid, version: launch.version };
  }

  async signal(signal: Signal): Promise<void> {
    if (!this.#running()) throw new Error(`${this.name} has no process to send ${signal} to`);
    this.#running()!.kill(signal);
  }

  async state(): Promise<ProcessState> {
    const child = this.#running();
    if (!child) return 'gone';
    // Field 3 of /proc/PID/stat, behind the command in parentheses (proc(5)): T is stopped, Z is dead and not reaped.
    const stat = await readFile(`/proc/${child.pid}/stat`, 'latin1').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
      throw error;
    });
    const letter = stat?.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    if (letter === undefined || letter === 'Z' || letter === 'X') return 'gone';
    return letter === 'T' ? 'paused' : 'running';
  }

  ended(): Promise<Exit> {
    return this.#exit;
  }

  async thawAt(untilNs: number | null): Promise<void> {
    this.#thaw?.kill('SIGKILL');
    this.#thaw = undefined;
    const child = this.#running();
    if (untilNs === null || !child) return;
    const seconds = Math.max(0, (untilNs - this.#clock.nowNs()) / 1e9).toFixed(3);
    // Reading from a pipe nobody writes to is a sleep inside bash itself: one process, ended by one signal.
    this.#thaw = spawn('bash', ['-c', `read -t ${seconds} <> <(:); kill -CONT ${child.pid}`], {
      stdio: 'ignore',
    });
  }

  async wipe(): Promise<void> {
    if ((await this.state()) !== 'gone') throw new Error(`${this.name} is wiped while its process runs`);
    const { data, dataLog } = this.#directories;
    for (const directory of new Set([data, dataLog])) {
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true });
    }
  }

  async plant(files: readonly StoredFile[]): Promise<void> {
    const { data, dataLog } = this.#directories;
    for (const { area, path, bytes } of files) {
      const file = join(area === 'data' ? data : dataLog, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
  }

  async storedFiles(): Promise<string[]> {
    const { data, dataLog } = this.#directories;
    const listings = await Promise.all(
      [...new Set([data, dataLog])].map(async (directory) =>
        (await readdir(directory, { recursive: true })).map((path) => join(directory, path)),
      ),
    );
    return listings.flat();
  }

  async damage(paths: readonly string[], how: Damage): Promise<void> {
    if ((await this.state()) !== 'gone') throw new Error(`${this.name} is damaged while its process runs`);
    for (const path of paths) {
      const by = join(this.#laidBy, relative(this.#home, path));
      await mkdir(dirname(by), { recursive: true });
      await rename(path, by);
      if (how === 'emptied') await writeFile(path, '');
    }
  }

  async repair(): Promise<void> {
    if ((await this.state()) !== 'gone') throw new Error(`${this.name} is repaired while its process runs`);
    await cp(this.#laidBy, this.#home, { recursive: true, preserveTimestamps: true });
    await rm(this.#laidBy, { recursive: true });
  }

  async keepData(directory: string): Promise<void> {
    const { data, dataLog } = this.#directories;
    await cp(data, join(directory, this.name, 'data'), { recursive: true });
    if (dataLog !== data) await cp(dataLog, join(directory, this.name, 'datalog'), { recursive: true });
  }

  #running(): ChildProcess | undefined {
    const child = this.#process;
    return child && child.exitCode === null && child.signalCode === null ? child : undefined;
  }
}
