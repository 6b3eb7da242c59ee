import type { Origin } from '../base/clock.ts';
import type { History } from '../history/history.ts';
import type { JournalEntry } from '../run/journal-entry.ts';
import type { RoleSample } from '../topology/roles.ts';
import { electionsOf } from './elections.ts';
import type { Ledger } from './ledger.ts';
import { reignsOf } from './reigns.ts';
import { sampledReigns, sampledSpans } from './sampled.ts';
import { searchesOf } from './searches.ts';
import { readServerLog } from './server-log.ts';
import { originOnServers } from './servers-clock.ts';
import { spansOf } from './spans.ts';
import { timelineOf } from './timeline.ts';
import { withWriteGaps } from './write-gaps.ts';

export interface LedgerSources {
  /** Server logs by server id, in the default layout, on one clock; the journal tells how far that is ahead of ours. */
  logs: ReadonlyMap<number, string>;
  origin: Origin;
  journal: readonly JournalEntry[];
  /** What servers answered to `srvr`; stands in for a log that is missing or unreadable. */
  samples: readonly RoleSample[];
  /** What clients saw; without it nothing is known of their waiting. */
  history?: History;
  /** Time zone of the logs; the harness starts servers with -Duser.timezone=UTC. */
  utcOffsetMinutes?: number;
}

/** Rebuilds who led which epoch from when to when, by whose votes. The same sources always give the same ledger. */
export function reconstruct(sources: LedgerSources): Ledger {
  const { logs, journal, samples, history, utcOffsetMinutes = 0 } = sources;
  const origin = originOnServers(sources.origin, journal);
  const read = [...logs].map(([sid, text]) => ({
    sid,
    events: readServerLog(sid, text, origin, utcOffsetMinutes),
  }));
  const endNs = latest([...read.flatMap(({ events }) => events), ...journal, ...samples]);
  const timelines = read
    .filter(({ events }) => events.length > 0)
    .map(({ sid, events }) => timelineOf(sid, events, journal));
  const unlogged = samplesOfOthers(samples, new Set(timelines.map(({ sid }) => sid)));

  const reigns = [...timelines.flatMap(reignsOf), ...unlogged.flatMap(sampledReigns)].sort(
    (a, b) => a.establishedNs - b.establishedNs,
  );
  const searches = timelines.flatMap((timeline) => searchesOf(timeline, endNs));
  const spans = [
    ...timelines.flatMap((timeline) => spansOf(timeline, endNs)),
    ...unlogged.flatMap((own) => sampledSpans(own, endNs)),
  ];
  const { elections, rejoins } = electionsOf(searches, reigns, journal);
  return {
    reigns,
    elections: history ? withWriteGaps(elections, history) : elections,
    rejoins,
    spans: spans.sort((a, b) => a.sid - b.sid || a.fromNs - b.fromNs),
    understood: Object.fromEntries(read.map(({ sid, events }) => [sid, events.length])),
    alarms: read
      .flatMap(({ events }) => events)
      .flatMap((event) =>
        event.kind === 'alarm' ? { sid: event.sid, atNs: event.atNs, line: event.line } : [],
      )
      .sort((a, b) => a.atNs - b.atNs),
  };
}

function samplesOfOthers(samples: readonly RoleSample[], logged: ReadonlySet<number>): RoleSample[][] {
  const sids = new Set(samples.map(({ sid }) => sid).filter((sid) => !logged.has(sid)));
  return [...sids].map((sid) =>
    samples.filter((sample) => sample.sid === sid).sort((a, b) => a.atNs - b.atNs),
  );
}

/** Not `Math.max(...)`: a long run has more entries than a call may have arguments. */
function latest(entries: readonly { atNs: number }[]): number {
  return entries.reduce((last, { atNs }) => Math.max(last, atNs), 0);
}
