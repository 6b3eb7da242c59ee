import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import type { JournalEntry } from '../run/journal-entry.ts';
import type { RunEvent } from '../run/run.ts';
import type { Role } from '../topology/roles.ts';
import { nodeName } from '../topology/topology.ts';
import type { Tally } from '../workload/messages.ts';
import { colours as pc } from './colours.ts';

export interface Progress {
  onEvent(event: RunEvent): void;
  close(): void;
}

const redrawMs = 100;

/** Live lines on a terminal, plain lines elsewhere, nothing without an output. */
export function progressOn(out: NodeJS.WriteStream | undefined): Progress {
  if (!out) return { onEvent: () => undefined, close: () => undefined };
  return (out as WriteStream).isTTY ? live(out) : plain(out);
}

interface Running {
  name: string;
  doing: string;
  roles: Map<number, Role>;
  tally: Tally | undefined;
  /** Completed operations at the last redraw but some, for the rate. */
  rate: { atMs: number; ops: number; perSecond: number };
}

function plain(out: NodeJS.WriteStream): Progress {
  const names = new Map<string, string>();
  return {
    onEvent(event) {
      if (event.at === 'begin') names.set(event.slug, event.name);
      const line = plainLine(event);
      if (line) out.write(`${names.get(event.slug)}: ${line}\n`);
    },
    close: () => undefined,
  };
}

function plainLine(event: RunEvent): string | undefined {
  switch (event.at) {
    case 'begin':
      return 'begins';
    case 'judging':
      return undefined;
    case 'end':
      return `${event.verdict.verdict} (${event.seconds.toFixed(1)} s)`;
    case 'scenario':
      return event.event.event === 'journal' ? inWords(event.event.entry) : undefined;
  }
}

/** What an entry of the journal tells somebody who watches; undefined for what is too small to tell. */
function inWords(entry: JournalEntry): string | undefined {
  const servers = (sids: readonly number[]) => sids.map(nodeName).join(', ');
  switch (entry.kind) {
    case 'serving':
      return entry.leader === undefined ? 'all servers serve' : `${nodeName(entry.leader)} leads`;
    case 'brokers-serving':
      return `${nodeName(entry.controller)} is controller`;
    case 'brokers-not-serving':
      return `brokers do not serve after ${entry.waitedMs / 1000} s: ${entry.lacking}`;
    case 'not-serving':
      return `does not serve after ${entry.waitedMs / 1000} s`;
    case 'fault-landed':
      return `${entry.fault} hit ${servers(entry.victims)}`;
    case 'fault-healed':
      return `${entry.fault} of ${servers(entry.victims)} is over`;
    case 'fault-missed':
      return `${entry.fault} did not land: ${entry.reason}`;
    case 'fault-stuck':
      return `${entry.fault} did not heal: ${entry.reason}`;
    case 'server-exit':
      return entry.asked
        ? undefined
        : `${nodeName(entry.sid)} ended by itself (${entry.signal ?? entry.code})`;
    case 'phase':
      return phaseWords[entry.phase];
    default:
      return undefined;
  }
}

const phaseWords: Partial<Record<string, string>> = {
  start: 'waiting for servers to serve',
  'warm-up': 'clients at work',
  final: 'reading everything back',
  'power-off': 'all servers lose power',
};

function live(out: NodeJS.WriteStream): Progress {
  const update = createLogUpdate(out);
  const running = new Map<string, Running>();
  const timer = setInterval(() => update(screen(running)), redrawMs);
  return {
    onEvent(event) {
      const known = running.get(event.slug);
      if (event.at === 'begin') running.set(event.slug, beginning(event.name));
      if (!known) return;
      if (event.at === 'judging') known.doing = 'judging';
      if (event.at === 'scenario') follow(known, event.event);
      if (event.at !== 'end') return;
      running.delete(event.slug);
      update.clear();
      out.write(`${mark(event.verdict.verdict)} ${known.name} ${pc.dim(`${event.seconds.toFixed(1)} s`)}\n`);
    },
    close() {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

function beginning(name: string): Running {
  return {
    name,
    doing: 'begins',
    roles: new Map(),
    tally: undefined,
    rate: { atMs: 0, ops: 0, perSecond: 0 },
  };
}

function follow(running: Running, event: Extract<RunEvent, { at: 'scenario' }>['event']): void {
  switch (event.event) {
    case 'journal':
      running.doing = inWords(event.entry) ?? running.doing;
      return;
    case 'role':
      running.roles.set(event.sid, event.role);
      return;
    case 'tally':
      running.tally = event.tally;
  }
}

const mark = (verdict: string) => (verdict === 'pass' ? pc.green('✔') : pc.red(`✖ ${verdict}:`));

const roleMarks: Record<Role, string> = {
  leader: pc.green('L'),
  follower: pc.green('f'),
  observer: pc.cyan('o'),
  standalone: pc.green('s'),
  serving: pc.green('+'),
  electing: pc.yellow('?'),
  silent: pc.yellow('…'),
  down: pc.red('x'),
};

function screen(running: ReadonlyMap<string, Running>): string {
  return [...running.values()]
    .map((each) => {
      const roles = [...each.roles].sort(([a], [b]) => a - b).map(([, role]) => roleMarks[role]);
      return `${pc.bold(each.name)}  ${roles.join('')}  ${pc.dim(`${rateOf(each)} op/s`)}  ${each.doing}`;
    })
    .join('\n');
}

/** Completed operations per second over the last half second or more. */
function rateOf({ rate, tally }: Running): number {
  const nowMs = performance.now();
  const ops = tally ? tally.ok + tally.fail + tally.unknown : 0;
  if (nowMs - rate.atMs < 500) return rate.perSecond;
  rate.perSecond = rate.atMs === 0 ? 0 : Math.round(((ops - rate.ops) * 1000) / (nowMs - rate.atMs));
  rate.atMs = nowMs;
  rate.ops = ops;
  return rate.perSecond;
}
