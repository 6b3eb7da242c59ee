import type { Origin } from '../base/clock.ts';
import type { Auth } from '../client/auth.ts';
import type { Phase } from '../history/op.ts';
import type { Act } from '../plan/act.ts';
import type { Endpoint } from '../topology/endpoint.ts';

/** What the clients' worker is started with. */
export interface WorkerStart {
  origin: Origin;
  seed: number;
  endpoints: readonly Endpoint[];
  /** Path of the node that everything the clients do stays under; the workload creates it. */
  root: string;
  /** Presented by every session; not part of any record. */
  auth?: Auth;
  historyPath: string;
  /** What client libraries under test did beside their operations; a file of lines. */
  notesPath: string;
  workload: { use: string; client?: string | undefined; [parameter: string]: unknown };
}

/** Orders to the worker; each is answered by `done` or `failed` with the same number. */
export type Order = { id: number } & (
  | { order: 'set-up' }
  | { order: 'begin' }
  /** Have one client do what a step says. */
  | { order: 'act'; act: Act }
  /** Let running ops end, then close every session. */
  | { order: 'quiesce' }
  | { order: 'read-all'; phase: Phase }
  | { order: 'finish' }
);

/** Totals since the start; `lastAckNs` is the return time of the newest acknowledged write. */
export interface Tally {
  ok: number;
  fail: number;
  unknown: number;
  ackedWrites: number;
  lastAckNs: number;
  connected: number;
  sessions: number;
}

export type Answer =
  | { answer: 'done'; id: number; note?: string }
  | { answer: 'failed'; id: number; reason: string }
  | { answer: 'tally'; tally: Tally };
