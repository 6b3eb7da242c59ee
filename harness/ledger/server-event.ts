import type { Vote, ZabPhase } from './ledger.ts';

export type ServerState = Vote['fromState'];
export type SyncMode = 'DIFF' | 'SNAP' | 'TRUNC';

/** One thing a server's log says, in the ledger's words. The row of the pattern table that reads it has the same name. */
export type LogEvent =
  | { kind: 'start' }
  | { kind: 'role'; state: ServerState }
  | { kind: 'search'; zxid: string }
  | {
      kind: 'vote';
      from: number;
      fromState: ServerState;
      leader: number;
      zxid: string;
      round: number;
      peerEpoch: number;
    }
  | { kind: 'backoff'; ms: number }
  | { kind: 'took'; ms: number }
  | { kind: 'phase'; phase: ZabPhase }
  | { kind: 'learner'; sid: number; peerZxid: string }
  | { kind: 'established'; zxid: string; epoch: number; supporters: number[] }
  | { kind: 'voter-left' }
  | { kind: 'sync'; mode: SyncMode }
  | { kind: 'newleader' }
  | { kind: 'uptodate' }
  | { kind: 'leader-lost'; because: string }
  | { kind: 'learner-ended' }
  | { kind: 'leader-ended'; because: string }
  | { kind: 'alarm'; line: string };

export type ServerEvent = { sid: number; atNs: number } & LogEvent;
