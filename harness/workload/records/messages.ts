import type { Origin } from '../../base/clock.ts';
import type { RecordsParams } from './params.ts';

/** What the process of the brokers' clients is started with. */
export interface RecordsStart {
  origin: Origin;
  /** "host:port" of every broker. */
  brokers: readonly string[];
  historyPath: string;
  params: RecordsParams;
  /** How Kafka's own clients are started, or why they cannot be; absent where nobody asks for them. */
  java?: { command: readonly string[] } | { no: string; remedy: string };
}

/** Orders, each answered by `done` or `failed` with the same number. */
const recordsOrders = ['set-up', 'begin', 'quiesce', 'read-final', 'read-poweroff'] as const;
export type RecordsOrderName = (typeof recordsOrders)[number];

export type ToRecords =
  | { to: 'start'; start: RecordsStart }
  | { to: 'order'; id: number; order: RecordsOrderName };

/** Records by what came of them, and how many of each partition were acknowledged. */
export interface RecordsTally {
  ok: number;
  fail: number;
  unknown: number;
  ackedByPartition: number[];
}

export type FromRecords =
  | { from: 'done'; id: number }
  | { from: 'failed'; id: number; reason: string }
  | { from: 'tally'; tally: RecordsTally };
