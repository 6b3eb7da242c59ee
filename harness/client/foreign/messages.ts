import type { ForeignKind, ForeignRequest, ForeignSetup, ForeignState, Told } from './adapter.ts';

/** To the process of a client library. `adapter` is the URL of its module. */
export type ToChild =
  | { to: 'load'; adapter: string }
  | { to: 'open'; setup: ForeignSetup }
  | { to: 'call'; call: number; request: ForeignRequest }
  | { to: 'close' };

/** From it, in the order things happened there. */
export type FromChild =
  | { from: 'loaded'; name: string; version: string; lacks: readonly ForeignKind[] }
  | { from: 'missing'; reason: string }
  | { from: 'refused'; call: number; error: number }
  | { from: 'instead'; call: number; request: ForeignRequest; why: string }
  | { from: 'answer'; call: number; told: Told }
  | { from: 'state'; state: ForeignState }
  | { from: 'event'; type: string; path: string };
