import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { messageOf } from '../../base/trouble.ts';
import type { SendOutcome } from '../../history/records.ts';

/** Above the 3 s after which a broker gives up on its followers (request.timeout.ms), so that it is asked for its own answer. */
const requestMs = 4000;
const connectMs = 1000;

/**
 * kafkajs so that what it says can be believed: no retries of its own, by which it doubles records, or acknowledges ones
 * that were never appended (kafkajs pull request 1798). It asks the first broker of the list and no other, so whoever
 * tries again begins with the next: `turn` says which.
 */
export function honestKafka(brokers: readonly string[], clientId: string, turn: number): Kafka {
  const first = turn % brokers.length;
  return new Kafka({
    ...common([...brokers.slice(first), ...brokers.slice(0, first)], clientId),
    retry: { retries: 0 },
  });
}

/** kafkajs as it comes, for what changes nothing when it is done twice: reading, and asking. */
export function patientKafka(brokers: readonly string[], clientId: string): Kafka {
  return new Kafka({
    ...common(brokers, clientId),
    retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 500, restartOnFailure: async () => true },
  });
}

const common = (brokers: readonly string[], clientId: string): KafkaConfig => ({
  clientId,
  brokers: [...brokers],
  connectionTimeout: connectMs,
  requestTimeout: requestMs,
  enforceRequestTimeout: true,
  logLevel: logLevel.NOTHING,
});

/** Errors a broker answers before it appends anything (ReplicaManager.appendRecords, KafkaApis.handleProduceRequest). */
const beforeAppend = new Set([
  'NOT_ENOUGH_REPLICAS',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'INVALID_REQUIRED_ACKS',
]);
/** Errors by which a coordinator refuses a commit (GroupCoordinator.doCommitOffsets). */
const commitRefused = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
]);

/**
 * What an error says of the record or the commit it stands for. `NOT_LEADER_FOR_PARTITION` and all that a connection or
 * a timeout cut short are unknown: with acks=all it is also answered after the append, when leadership moves meanwhile.
 */
export function outcomeOf(error: unknown, of: 'record' | 'commit'): { outcome: SendOutcome; error: string } {
  const { type, name, cause } = error as { type?: string; name?: string; cause?: unknown };
  if (type === undefined && cause instanceof Error) return outcomeOf(cause, of);
  const definite = of === 'record' ? beforeAppend : commitRefused;
  const words = type ?? `${name}: ${messageOf(error)}`;
  return { outcome: type !== undefined && definite.has(type) ? 'fail' : 'unknown', error: words };
}
