import type { JournalEntry } from '../run/journal-entry.ts';
import type { ServerEvent } from './server-event.ts';

/** What happened to one server, in order: what its log says and what the journal knows about its process. */
export interface Timeline {
  sid: number;
  events: TimelineEvent[];
}
export type TimelineEvent =
  | ServerEvent
  | { sid: number; atNs: number; kind: 'spawn' }
  | { sid: number; atNs: number; kind: 'exit'; because: string };

/** Log times are whole milliseconds and so is the origin: a dying server's last line may seem to follow its exit by this much. */
const clockSlackNs = 2e6;

export function timelineOf(
  sid: number,
  log: readonly ServerEvent[],
  journal: readonly JournalEntry[],
): Timeline {
  const order = (event: TimelineEvent) => event.atNs + (event.kind === 'exit' ? clockSlackNs : 0);
  const events = [...log, ...lifeOf(sid, journal)].sort((a, b) => order(a) - order(b));
  return { sid, events };
}

function lifeOf(sid: number, journal: readonly JournalEntry[]): TimelineEvent[] {
  return journal.flatMap((entry): TimelineEvent[] => {
    if (entry.kind === 'server-start' && entry.sid === sid) return [{ sid, atNs: entry.atNs, kind: 'spawn' }];
    if (entry.kind !== 'server-exit' || entry.sid !== sid) return [];
    const how = entry.signal ? `on ${entry.signal}` : `with exit code ${entry.code}`;
    const because = `its process ended ${entry.asked ? '' : 'by itself '}${how}`;
    return [{ sid, atNs: entry.atNs, kind: 'exit', because }];
  });
}
