import type { ZabPhase } from './ledger.ts';
import type { LogEvent, ServerState, SyncMode } from './server-event.ts';

/** One row per thing a log can say. A record of a log matches at most one row. */
export interface Pattern {
  event: LogEvent['kind'];
  /** First release that prints this spelling. */
  since: string;
  /** First release that no longer does. */
  before?: string;
  /** Simple name of the class that logs it. */
  logger: string;
  /** Tried on the message, with the lines that follow it. */
  like: RegExp;
  read(groups: Groups): LogEvent;
}
type Groups = Record<string, string | undefined>;

const signed = String.raw`-?\d+`;
/** 3.4.0-3.4.2 print zxids, rounds and epochs in decimal. */
const number = String.raw`0x[0-9a-f]+|-?\d+`;
const state = 'LOOKING|FOLLOWING|LEADING|OBSERVING';

/**
 * Spellings per release, from the sources at the release tags and from logs recorded with
 * test/ledger/fixtures/record.ts. What differs from the sources is in docs/zookeeper-logs.md.
 */
export const patterns: readonly Pattern[] = [
  {
    event: 'start',
    since: '3.4',
    logger: 'QuorumPeerMain',
    like: /^(?:Starting quorum peer(?:, myid=-?\d+)?$|Either no config or no quorum defined in config, running)/,
    read: () => ({ kind: 'start' }),
  },
  {
    event: 'role',
    since: '3.4',
    logger: 'QuorumPeer',
    like: new RegExp(`^(?<state>${state})$`),
    read: (g) => ({ kind: 'role', state: g.state as ServerState }),
  },
  {
    event: 'search',
    since: '3.4',
    logger: 'FastLeaderElection',
    like: new RegExp(`^New election\\. My id = +${signed}, [Pp]roposed zxid ?= ?(?<zxid>${number})`),
    read: (g) => ({ kind: 'search', zxid: zxidOf(g.zxid) }),
  },
  {
    event: 'vote',
    since: '3.4.6',
    before: '3.6',
    logger: 'FastLeaderElection',
    like: new RegExp(
      `^Notification: (?:${number}) \\(message format version\\), (?<leader>${signed}) \\(n\\.leader\\), ` +
        `(?<zxid>${number}) \\(n\\.zxid\\), (?<round>${number}) \\(n\\.round\\), (?<state>${state}) \\(n\\.state\\), ` +
        `(?<from>${signed}) \\(n\\.sid\\), (?<epoch>${number}) \\(n\\.peerE[Pp]och\\)`,
    ),
    read: vote,
  },
  {
    event: 'vote',
    since: '3.4.0',
    before: '3.4.6',
    logger: 'FastLeaderElection',
    like: new RegExp(
      `^Notification: (?<leader>${signed}) \\(n\\.leader\\), (?<zxid>${number}) \\(n\\.zxid\\), ` +
        `(?<round>${number}) \\(n\\.round\\), (?<state>${state}) \\(n\\.state\\), (?<from>${signed}) \\(n\\.sid\\), ` +
        `(?<epoch>${number}) \\(n\\.peerEPoch\\)`,
    ),
    read: vote,
  },
  {
    event: 'vote',
    since: '3.6',
    logger: 'FastLeaderElection',
    like: new RegExp(
      `^Notification: my state:(?:${state}); n\\.sid:(?<from>${signed}), n\\.state:(?<state>${state}), ` +
        `n\\.leader:(?<leader>${signed}), n\\.round:(?<round>${number}), n\\.peerEpoch:(?<epoch>${number}), n\\.zxid:(?<zxid>${number})`,
    ),
    read: vote,
  },
  {
    event: 'backoff',
    since: '3.4',
    logger: 'FastLeaderElection',
    like: /^Notification time out: (?<ms>\d+)/,
    read: (g) => ({ kind: 'backoff', ms: Number(g.ms) }),
  },
  {
    event: 'took',
    since: '3.4',
    logger: 'Leader',
    like: /^LEADING - LEADER ELECTION TOOK - (?<ms>\d+)/,
    read: (g) => ({ kind: 'took', ms: Number(g.ms) }),
  },
  {
    event: 'took',
    since: '3.4',
    logger: 'Follower',
    like: /^FOLLOWING - LEADER ELECTION TOOK - (?<ms>\d+)/,
    read: (g) => ({ kind: 'took', ms: Number(g.ms) }),
  },
  {
    // Only changes of phase: "following - synchronization - diff" repeats what the sync row says.
    event: 'phase',
    since: '3.5.10',
    logger: 'QuorumPeer',
    like: /^Peer state changed: \w+ - (?<phase>discovery|synchronization|broadcast)$/,
    read: (g) => ({ kind: 'phase', phase: g.phase as ZabPhase }),
  },
  {
    event: 'learner',
    since: '3.4',
    logger: 'LearnerHandler',
    like: new RegExp(
      `^Synchronizing with (?:Follower|Learner) sid: (?<sid>${signed}) .*peerLastZxid=(?<zxid>${number})`,
    ),
    read: (g) => ({ kind: 'learner', sid: Number(g.sid), peerZxid: zxidOf(g.zxid) }),
  },
  {
    // None before 3.4.6, "[ 1,3 ]" in 3.4, "[ [1, 3],[1, 3] ]" in 3.5.0-3.5.8, "[[1, 3]]" later: one set per configuration.
    event: 'established',
    since: '3.4',
    logger: 'Leader',
    like: new RegExp(
      `^Have quorum of supporters(?:, sids: \\[(?<sids>.*)\\])?; starting up and setting last processed zxid: (?<zxid>${number})`,
    ),
    read: established,
  },
  {
    event: 'voter-left',
    since: '3.6',
    logger: 'Leader',
    like: /^Quit leading due to voter changed mind\./,
    read: () => ({ kind: 'voter-left' }),
  },
  {
    event: 'sync',
    since: '3.4',
    logger: 'Learner',
    like: /^(?<how>Getting a diff|Getting a snapshot|Truncating log)\b/,
    read: (g) => ({ kind: 'sync', mode: syncModes[g.how!]! }),
  },
  {
    event: 'newleader',
    since: '3.5',
    logger: 'Learner',
    like: /^Learner received NEWLEADER message/,
    read: () => ({ kind: 'newleader' }),
  },
  {
    event: 'uptodate',
    since: '3.5',
    logger: 'Learner',
    like: /^Learner received UPTODATE message/,
    read: () => ({ kind: 'uptodate' }),
  },
  {
    event: 'leader-lost',
    since: '3.4',
    logger: 'Follower',
    like: /^Exception when following the leader(?:\n(?<because>.*))?/,
    read: leaderLost,
  },
  {
    event: 'leader-lost',
    since: '3.4',
    logger: 'Observer',
    like: /^Exception when observing the leader(?:\n(?<because>.*))?/,
    read: leaderLost,
  },
  {
    event: 'learner-ended',
    since: '3.4',
    before: '3.6',
    logger: 'Follower',
    like: /^shutdown called(?:\n|$)/,
    read: () => ({ kind: 'learner-ended' }),
  },
  {
    event: 'learner-ended',
    since: '3.6',
    logger: 'Follower',
    like: /^shutdown Follower$/,
    read: () => ({ kind: 'learner-ended' }),
  },
  {
    event: 'learner-ended',
    since: '3.4',
    logger: 'Observer',
    like: /^(?:shutdown Observer$|shutdown called(?:\n|$))/,
    read: () => ({ kind: 'learner-ended' }),
  },
  {
    event: 'leader-ended',
    since: '3.4',
    before: '3.6',
    logger: 'Leader',
    like: /^Shutdown called(?:\njava\.lang\.Exception: shutdown Leader! reason: (?<because>.*))?(?:\n|$)/,
    read: leaderEnded,
  },
  {
    event: 'leader-ended',
    since: '3.6',
    logger: 'Leader',
    like: /^Shutdown called\. For the reason (?<because>.*)/,
    read: leaderEnded,
  },
];

/**
 * What a reader wants to see wherever it stands, in any class and inside stack traces. Matched as plain text on one
 * physical line; such a line is an `alarm` and belongs to no row above.
 */
export const alarms: readonly string[] = [
  'Severe unrecoverable error', // ZooKeeperCriticalThread 3.4.7, ZooKeeperServer
  'Unable to load database on disk', // QuorumPeer
  'Unreasonable length', // jute BinaryInputArchive
  'First digest mismatch on txn', // DataTree 3.6
  'Digests are not matching', // DataTree 3.6
  'java.lang.OutOfMemoryError',
  ' exits, error code ', // ZooKeeperServerListenerImpl 3.4.7
  'is older than the last zxid', // QuorumPeer: currentEpoch file behind the log
  'is less than the current epoch', // QuorumPeer: acceptedEpoch file behind currentEpoch
  'Not able to truncate the log', // Learner
  'No snapshot found, but there are log entries', // FileTxnSnapLog 3.5.3
  'but next pending txn 0x', // FollowerZooKeeperServer: a commit out of order, exit code 12
];

const syncModes: Record<string, SyncMode> = {
  'Getting a diff': 'DIFF',
  'Getting a snapshot': 'SNAP',
  'Truncating log': 'TRUNC',
};

/** As `formatZxid` prints it. */
function zxidOf(printed: string | undefined): string {
  return `0x${BigInt.asUintN(64, BigInt(printed!)).toString(16)}`;
}

function vote(g: Groups): LogEvent {
  return {
    kind: 'vote',
    from: Number(g.from),
    fromState: g.state as ServerState,
    leader: Number(g.leader),
    zxid: zxidOf(g.zxid),
    round: Number(g.round),
    peerEpoch: Number(g.epoch),
  };
}

/** The epoch is the high word of the zxid the leader starts from (Zab: the first zxid of epoch e is e<<32). */
function established(g: Groups): LogEvent {
  const zxid = zxidOf(g.zxid);
  const supporters = [...new Set(g.sids?.match(/\d+/g)?.map(Number))].sort((a, b) => a - b);
  return { kind: 'established', zxid, epoch: Number(BigInt(zxid) >> 32n), supporters };
}

function leaderLost(g: Groups): LogEvent {
  return { kind: 'leader-lost', because: g.because ?? 'no reason logged' };
}

function leaderEnded(g: Groups): LogEvent {
  return { kind: 'leader-ended', because: g.because ?? 'no reason logged' };
}
