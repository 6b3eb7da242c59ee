/** Who led, when, in which epoch, elected by which votes: rebuilt from server logs and role samples. Stored as ledger.json. */

export interface Vote {
  atNs: number;
  /** The server whose log shows it. */
  seenBy: number;
  /** The server that cast it. */
  from: number;
  /** The server voted for. */
  leader: number;
  zxid: string;
  peerEpoch: number;
  round: number;
  fromState: 'LOOKING' | 'FOLLOWING' | 'LEADING' | 'OBSERVING';
}

export interface Reign {
  epoch: number;
  leader: number;
  /** When the leader logged a quorum of supporters: from here on it may commit. */
  establishedNs: number;
  /** sids named in that line; empty before 3.4.6, which names none. */
  supporters: number[];
  /** Seen in `srvr` answers only, because this server left no log: established at the latest then. */
  sampled?: true;
  /** When it stopped leading: it logged its shutdown, or its process ended. Absent while it still led at the end. */
  endedNs?: number;
  endedBecause?: string;
}

/** What one server brought to an election, what it voted for in turn, and what became of its search. */
export interface Ballot {
  sid: number;
  /** When it went LOOKING. */
  fromNs: number;
  /** When it stopped LOOKING, and as what; absent when its process or its log ended first. */
  settledNs?: number;
  as?: Vote['fromState'];
  /** Its own candidacy: currentEpoch and last zxid of its disk. Absent for observers, and where its log does not say. */
  brought?: { peerEpoch: number; zxid: string };
  /** Its votes in order, each where it differs from the one before. */
  cast: Pick<Vote, 'atNs' | 'leader' | 'zxid' | 'peerEpoch' | 'round'>[];
}

/** What an election was caused by: a fault by its name, or one of these. */
export interface Trigger {
  /**
   * `start`: no leader before; `power-off`, `teardown`: all servers were being ended; `crash`: the leader ended by itself;
   * `heal`: a fault was being ended; `lost-quorum`: the leader said so and no fault explains it; `unknown`.
   */
  kind: 'start' | 'power-off' | 'teardown' | 'crash' | 'heal' | 'lost-quorum' | 'unknown' | (string & {});
  /** The fault, where one did it: its step, its victims, and when it was announced (or its heal was). */
  step?: number;
  victims?: number[];
  atNs?: number;
}

/** The gap an election made in the acknowledged writes of all clients, told apart by the epochs in their zxids. */
export interface WriteGap {
  /** Last acknowledgement of an earlier epoch; absent when there was none. */
  lastAckNs?: number;
  /** First acknowledgement in the new epoch. */
  firstAckNs?: number;
}

/** One round of voting over all servers, from the first that went LOOKING to a leader with a quorum. */
export interface Election {
  /** First server of this round of elections to go LOOKING. */
  startedNs: number;
  /** When the winner was established; absent when nobody won. */
  endedNs?: number;
  /** Why there was one, as the logs and the journal tell it. */
  cause?: string;
  /** The same as data. */
  trigger?: Trigger;
  /** Winner and epoch; absent when nobody won before the logs end. */
  winner?: number;
  epoch?: number;
  /** Servers that were LOOKING in it. */
  participants: number[];
  /** Every notification a participant logged meanwhile, its own included, in order of time. */
  votes: Vote[];
  /** What the learners did to catch up with the winner: those that took part, and those that joined its reign later. */
  syncs: { sid: number; atNs: number; mode: 'DIFF' | 'SNAP' | 'TRUNC' }[];
  /** When each participant entered each phase of Zab, as far as its log says. */
  phases?: { sid: number; phase: ZabPhase; atNs: number }[];
  /** One for each search of each participant. */
  ballots?: Ballot[];
  /** Round of the winner's last vote. */
  round?: number;
  /** Whose last vote in that round, the winner's own included, was for the winner. */
  electors?: number[];
  /** Only where the clients' history is at hand. */
  writes?: WriteGap;
}

export type ZabPhase = 'election' | 'discovery' | 'synchronization' | 'broadcast';

/** A server that went LOOKING and found a leader already established: no election, nobody else was asked to vote. */
export interface Rejoin {
  sid: number;
  startedNs: number;
  /** When it followed. */
  endedNs: number;
  leader: number;
  epoch: number;
  sync?: 'DIFF' | 'SNAP' | 'TRUNC';
}

/** A span in which one server reported one state in its own log (or, without a log, in `srvr`). DOWN lasts until the new process says its first state. */
export interface RoleSpan {
  sid: number;
  state: 'LOOKING' | 'FOLLOWING' | 'LEADING' | 'OBSERVING' | 'DOWN';
  fromNs: number;
  toNs: number;
}

export interface Ledger {
  reigns: Reign[];
  elections: Election[];
  rejoins?: Rejoin[];
  spans: RoleSpan[];
  /** Lines per server that were read and understood; 0 for a server that ran means the log format is unknown. */
  understood: Record<string, number>;
  /** Things in the logs that no rule explains but a reader wants to see ("Severe unrecoverable error"). */
  alarms: { sid: number; atNs: number; line: string }[];
}
