import type { ServerSoftware } from '../distribution/zookeeper.ts';
import type { Role } from '../topology/roles.ts';
import type { Tally } from '../workload/messages.ts';
import type { JournalEntry } from './journal-entry.ts';

/** First line on a scenario process's stdin. What follows is nothing: the open pipe is its permission to live. */
export interface ScenarioOrder {
  directory: string;
  runId: string;
  /** Java command and server software by release: paths of this machine, so not part of the run directory. */
  java: string;
  software: Record<string, ServerSoftware>;
}

/** One line each on a scenario process's stdout. */
export type ScenarioEvent =
  | { event: 'journal'; entry: JournalEntry }
  | { event: 'role'; sid: number; role: Role }
  | { event: 'tally'; tally: Tally };
