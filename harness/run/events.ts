import type { ServerSource } from '../backend/server-source.ts';
import type { Role } from '../topology/roles.ts';
import type { Tally } from '../workload/messages.ts';
import type { RecordsTally } from '../workload/records/messages.ts';
import type { JournalEntry } from './journal-entry.ts';

/** First line on a scenario process's stdin. What follows is nothing: the open pipe is its permission to live. */
export interface ScenarioOrder {
  directory: string;
  runId: string;
  servers: ServerSource;
}

/** One line each on a scenario process's stdout. */
export type ScenarioEvent =
  | { event: 'journal'; entry: JournalEntry }
  | { event: 'role'; sid: number; role: Role }
  | { event: 'tally'; tally: Tally }
  | { event: 'records'; tally: RecordsTally };
