import { nsOfWall, type Origin } from '../harness/base/clock.ts';
import type { History } from '../harness/history/history.ts';
import type { Ledger } from '../harness/ledger/ledger.ts';
import { logRecords } from '../harness/ledger/log-line.ts';
import { patterns } from '../harness/ledger/patterns.ts';
import { originOnServers } from '../harness/ledger/servers-clock.ts';
import type { Finding } from '../harness/rule/verdict.ts';
import type { JournalEntry } from '../harness/run/journal-entry.ts';
import { clip } from './format.ts';

/** What the servers logged around one moment of a finding, all of them in one order of time. */
export interface LogWindow {
  /** What happened then, in a few words. */
  what: string;
  fromNs: number;
  toNs: number;
  lines: { sid: number; atNs: number; text: string; bad: boolean }[];
  /** Lines of these servers and this time that are not shown. */
  left: number;
}

/** Findings beyond this have no windows: those of one scenario mostly share their moments. */
const mostFindings = 5;
const mostReigns = 3;
/** A line is shown at most this long before or after its moment, ns. */
const reachNs = 1e9;
/** Lines of one server in one window. */
const mostLines = 14;
const lineLength = 240;

/** Loggers that tell of elections, leaders and learners. Others talk of every connection, the harness's own too. */
const telling = new Set(patterns.map(({ logger }) => logger));
/** Warns of every connection that ends, and the harness looks at every server ten times a second. */
const connections = /^NIOServerCnxn/;
/** Votes are many, and stand in the table of elections. */
const vote = /^Notification: /;

/**
 * For the first findings, in the order of the page: the logs when what it speaks of began, whenever a leader was
 * established after that, and when it was seen. `logs` by server id; times of their lines are wall times.
 */
export function logWindowsOf(
  findings: readonly Finding[],
  sources: {
    logs: ReadonlyMap<number, string>;
    origin: Origin;
    journal: readonly JournalEntry[];
    ledger: Ledger | undefined;
    history: History | undefined;
  },
): Map<Finding, LogWindow[]> {
  if (findings.length === 0) return new Map();
  const lines = linesOf(sources.logs, originOnServers(sources.origin, sources.journal));
  return new Map(
    findings.slice(0, mostFindings).map((finding) => {
      const moments = momentsOf(finding, sources.ledger, sources.history);
      return [finding, windowsOf(moments, lines)] as const;
    }),
  );
}

interface Moment {
  what: string;
  atNs: number;
}

function momentsOf(
  { ops, core, atNs }: Finding,
  ledger: Ledger | undefined,
  history: History | undefined,
): Moment[] {
  const rows = history
    ? [...ops, ...(core?.ops ?? [])].filter(
        (row) => row >= 0 && row < history.length && history.zxid[row] !== 0,
      )
    : [];
  const begunNs = Math.min(atNs, ...ops.flatMap((row) => history?.returnedNs[row] ?? []));
  const seenNs = Math.max(atNs, ...rows.map((row) => history!.returnedNs[row]!));
  const reigns = (ledger?.reigns ?? []).filter(
    ({ establishedNs }) => establishedNs > begunNs && establishedNs <= seenNs,
  );
  return [
    { what: 'the first operation of the finding', atNs: begunNs },
    ...reigns
      .slice(0, mostReigns)
      .map(({ epoch, establishedNs }) => ({ what: `a leader in epoch ${epoch}`, atNs: establishedNs })),
    { what: 'it was seen', atNs: seenNs },
  ].sort((a, b) => a.atNs - b.atNs);
}

interface Line {
  sid: number;
  atNs: number;
  text: string;
  bad: boolean;
}

function linesOf(logs: ReadonlyMap<number, string>, origin: Origin): Line[] {
  const all = [...logs].flatMap(([sid, text]) =>
    [...logRecords(text)].flatMap(({ wallMs, level, logger, message }) => {
      const bad = level !== 'INFO' && level !== 'DEBUG';
      if (connections.test(logger)) return [];
      if (!bad && (!telling.has(logger) || vote.test(message))) return [];
      const [first = ''] = message.split('\n', 1);
      const words = clip(`${logger}: ${first}`, lineLength);
      return [{ sid, atNs: nsOfWall(origin, wallMs), text: bad ? `${level} ${words}` : words, bad }];
    }),
  );
  return all.sort((a, b) => a.atNs - b.atNs);
}

/** Moments within reach of each other share a window; one in which nobody logged anything is left out. */
function windowsOf(moments: readonly Moment[], lines: readonly Line[]): LogWindow[] {
  const windows: (Omit<LogWindow, 'lines' | 'left'> & { moments: number[] })[] = [];
  for (const { what, atNs } of moments) {
    const last = windows.at(-1);
    if (last && atNs - reachNs <= last.toNs) {
      if (!last.what.includes(what)) last.what += `; ${what}`;
      last.toNs = atNs + reachNs;
      last.moments.push(atNs);
    } else windows.push({ what, fromNs: atNs - reachNs, toNs: atNs + reachNs, moments: [atNs] });
  }
  return windows.flatMap(({ moments: near, ...window }) => {
    const within = lines.filter(({ atNs }) => atNs >= window.fromNs && atNs <= window.toNs);
    const shown = nearest(within, near);
    return shown.length > 0 ? [{ ...window, lines: shown, left: within.length - shown.length }] : [];
  });
}

/** Of each server the lines nearest to a moment, in order of time. */
function nearest(lines: readonly Line[], moments: readonly number[]): Line[] {
  const far = ({ atNs }: Line) => Math.min(...moments.map((moment) => Math.abs(moment - atNs)));
  const sids = [...new Set(lines.map(({ sid }) => sid))];
  const picked = new Set(
    sids.flatMap((sid) =>
      lines
        .filter((line) => line.sid === sid)
        .sort((a, b) => far(a) - far(b))
        .slice(0, mostLines),
    ),
  );
  return lines.filter((line) => picked.has(line));
}
