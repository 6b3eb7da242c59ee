import type { Origin } from '../base/clock.ts';
import type { JournalEntry } from '../run/journal-entry.ts';

/**
 * The origin as the servers' clock tells it, for what they dated themselves. Where they run on this machine it is ours;
 * a difference that is no larger than its own error is none.
 */
export function originOnServers(origin: Origin, journal: readonly JournalEntry[]): Origin {
  const told = journal.find((entry) => entry.kind === 'clock-ahead');
  if (told === undefined || Math.abs(told.aheadMs) <= told.withinMs) return origin;
  return { ...origin, wallMs: origin.wallMs + told.aheadMs };
}
