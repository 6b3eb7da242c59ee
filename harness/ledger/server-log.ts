import { nsOfWall, type Origin } from '../base/clock.ts';
import { logRecords, readLogLine } from './log-line.ts';
import { alarms, type Pattern, patterns } from './patterns.ts';
import type { ServerEvent } from './server-event.ts';

/**
 * Everything one server's log says that the ledger understands, in the order it was logged; one event per understood
 * line, so no event from a server that ran means that its log has an unknown format.
 */
export function readServerLog(
  sid: number,
  text: string,
  origin: Origin,
  utcOffsetMinutes = 0,
): ServerEvent[] {
  const events: ServerEvent[] = alarmsIn(sid, text, origin, utcOffsetMinutes);
  for (const { wallMs, logger, message } of logRecords(text, utcOffsetMinutes)) {
    for (const { like, read } of byLogger.get(logger) ?? []) {
      const match = like.exec(message);
      if (!match) continue;
      events.push({ sid, atNs: nsOfWall(origin, wallMs), ...read(match.groups ?? {}) });
      break;
    }
  }
  return events.sort((a, b) => a.atNs - b.atNs);
}

const byLogger: ReadonlyMap<string, readonly Pattern[]> = new Map(
  patterns.map(({ logger }) => [logger, patterns.filter((row) => row.logger === logger)]),
);

/** Rare words in a large text: looked for in the whole of it, then the time is taken from the record around each hit. */
function alarmsIn(sid: number, text: string, origin: Origin, utcOffsetMinutes: number): ServerEvent[] {
  const found = new Map<number, ServerEvent>();
  for (const words of alarms) {
    for (let hit = text.indexOf(words); hit !== -1; hit = text.indexOf(words, hit + words.length)) {
      const start = text.lastIndexOf('\n', hit) + 1;
      const end = text.indexOf('\n', hit);
      if (end === -1) continue;
      const line = text.slice(start, end);
      const wallMs = timeOfRecordAt(text, start, utcOffsetMinutes);
      if (wallMs !== undefined) {
        found.set(start, { sid, atNs: nsOfWall(origin, wallMs), kind: 'alarm', line });
      }
    }
  }
  return [...found.values()];
}

/** The time of the record that the line at `start` belongs to: its own, or that of the nearest line above that has one. */
function timeOfRecordAt(text: string, start: number, utcOffsetMinutes: number): number | undefined {
  for (let at = start; ; at = text.lastIndexOf('\n', at - 2) + 1) {
    const end = text.indexOf('\n', at);
    const line = readLogLine(text.slice(at, end === -1 ? text.length : end), utcOffsetMinutes);
    if (line) return line.wallMs;
    if (at === 0) return undefined;
  }
}
