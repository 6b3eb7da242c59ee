import type { Clock } from '../base/clock.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import type { StoredFile } from '../topology/stored-state.ts';
import type { PortClass, Topology } from '../topology/topology.ts';

/** Where a packet comes from or goes to: a server by sid, or the machine the clients run on. */
export type Place = number | 'clients';

/** Packets from one place to another are lost, silently; of every connection, or of one port class in both roles. */
export interface Cut {
  from: Place;
  to: Place;
  ports: 'all' | PortClass;
}

/** A cut that the kernel (or a process which survives the harness) ends at `untilNs`, whoever is still alive then. */
export interface TimedCut extends Cut {
  untilNs: number;
}

/** What a TCP connect met: an answer (`open`, `refused`: the path works), silence, or a local error. */
export type Reach = 'open' | 'refused' | 'silent' | 'unreachable';

export interface Probe {
  from: Place;
  to: Place;
  port: number;
}

/** A program of ours in the network of a place, spoken to by lines. */
export interface RunningProgram {
  say(line: string): void;
  /** Resolves when it has ended, with the last line of its stderr ("" when it said nothing). */
  readonly ended: Promise<string>;
  /** Closes its standard input, which must end it; resolves when it is gone. */
  close(): Promise<void>;
}

/**
 * What a scenario may need of a site. Each is probed by doing it. `signals`: server processes are ours to start and end;
 * `disks`: files can be put there before a start, `no-myid`: and a myid be missing; `shared-address`: several servers can live at one; `logs`: what servers print is at hand; `roles`: they say who leads; `commands`: a shell reaches them, ours does not; `brokers`: Kafka runs above them;
 * `full-disk`: a disk of its own can be left without room.
 */
const capabilities = [
  'signals',
  'cut-links',
  'cut-ports',
  'wipe',
  'disks',
  'no-myid',
  'shared-address',
  'logs',
  'roles',
  'commands',
  'brokers',
  'full-disk',
] as const;
export type Capability = (typeof capabilities)[number];
export type Available = 'yes' | { no: string; remedy: string };
export type Capabilities = Record<Capability, Available>;

/** Of servers we started ourselves. */
export const ownServers = {
  signals: 'yes',
  wipe: 'yes',
  disks: 'yes',
  logs: 'yes',
  roles: 'yes',
  'full-disk': { no: 'only in the sandbox has each node a disk of its own', remedy: 'use --backend sandbox' },
  commands: {
    no: 'commands are for servers that somebody else runs',
    remedy: 'use kill, pause, isolate or another fault of `gauntlet list faults`',
  },
} as const satisfies Partial<Capabilities>;

const backendNames = ['docker', 'sandbox', 'external'] as const;
export type BackendName = (typeof backendNames)[number];

export interface StartOptions {
  /** Another release than the topology's, as in an upgrade. */
  version?: string;
  /** Added to the command line of this start only. */
  jvmFlags?: string[];
  /** Lines of zoo.cfg of this start only. */
  settings?: Record<string, string>;
  /** The servers that stand in its zoo.cfg; all of the topology when absent. */
  peers?: readonly number[];
}

export interface Exit {
  code: number | null;
  signal: string | null;
}

/** What becomes of a file. */
export type Damage = 'emptied' | 'deleted';

export type ProcessState = 'running' | 'paused' | 'gone';
export type Signal = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT';

/** A disk of one machine alone, which can be left without room. */
export interface OwnDisk {
  /** Takes away all room that is not in use. */
  fill(): Promise<void>;
  /** Gives it back. */
  free(): Promise<void>;
  /** Whether one more small file can be written; by writing it. */
  hasRoom(): Promise<boolean>;
}

/** One server's place: its own address and its own storage, both outliving the server process. */
export interface Machine {
  readonly sid: number;
  readonly name: string;
  /** Where clients reach it; never changes. */
  readonly endpoint: Endpoint;
  /** Where its output goes, across restarts. */
  readonly logFile: string;
  /** Starts the server process; resolves when it exists, not when it serves. */
  start(options?: StartOptions): Promise<{ pid: number | undefined; version: string }>;
  signal(signal: Signal): Promise<void>;
  /** What the operating system says of the server process now. */
  state(): Promise<ProcessState>;
  /** Resolves when the present server process ends; at once when there is none. */
  ended(): Promise<Exit>;
  /** Thaws a paused process at `untilNs` even if the harness hangs; replaced by the next call, dropped by null. */
  thawAt(untilNs: number | null): Promise<void>;
  /** Deletes everything the server stored. Only while no process runs. */
  wipe(): Promise<void>;
  /** Puts files on its disk. Only before the first start. */
  plant(files: readonly StoredFile[]): Promise<void>;
  /** Paths of all files and folders in the server's storage. */
  storedFiles(): Promise<string[]>;
  /** Empties or deletes some of its files, and lays them by. Only while no process runs. */
  damage(paths: readonly string[], how: Damage): Promise<void>;
  /** Puts back every file that was laid by. Only while no process runs. */
  repair(): Promise<void>;
  /** Copies what the server stored into `directory`. */
  keepData(directory: string): Promise<void>;
  /** Where the site can do so (`full-disk`). */
  readonly disk?: OwnDisk;
}

/** How far a clock is ahead of ours, and how sure that is: within so much to both sides. */
export interface ClockAhead {
  aheadMs: number;
  withinMs: number;
}

/** A provisioned topology: machines on a network of their own. Disposing ends and removes everything. */
export interface Site {
  readonly topology: Topology;
  readonly machines: ReadonlyMap<number, Machine>;
  readonly capabilities: Capabilities;
  /** Replaces all cuts by exactly these, machine by machine, each in one step. */
  setCuts(cuts: readonly TimedCut[]): Promise<void>;
  /** Packets dropped so far by each cut in force; undefined where the machine cannot count. */
  dropped(cut: Cut): Promise<number | undefined>;
  probe(probes: readonly Probe[]): Promise<Reach[]>;
  /** Of the clock that servers date their logs by; only where that may be another than this machine's. */
  clockAhead?(): Promise<ClockAhead>;
  dispose(): Promise<void>;
}

/** A site whose network is ours too, so that a place is more than an address. */
export interface OwnSite extends Site {
  /** Where the other servers reach a server: its own address, with all its ports, whatever is published elsewhere. */
  addressOf(sid: number): string;
  /**
   * Runs a program at a place: in the server's network, but apart from its process and its storage, so what is done to
   * the server is not done to it. `onLine` gets what it prints. Bash is there.
   */
  runAt(place: Place, command: readonly string[], onLine: (line: string) => void): Promise<RunningProgram>;
}

export interface SiteRequest {
  topology: Topology;
  clock: Clock;
  /** Existing directory that receives <name>.log of every server. */
  logDirectory: string;
  runId: string;
}
