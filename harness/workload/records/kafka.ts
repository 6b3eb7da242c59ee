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

/**
 * What an error says of the record it stands for. `NOT_LEADER_FOR_PARTITION` and all that a connection or a timeout cut
 * short are unknown: with acks=all it is also answered after the append, when leadership moves meanwhile.
 */
export function outcomeOf(error: unknown): { outcome: SendOutcome; error: string } {
  const answer = answerIn(error);
  const refused = answer !== undefined && beforeAppend.has(answer);
  return { outcome: refused ? 'fail' : 'unknown', error: answer ?? wordsOf(error) };
}

/**
 * A patient client tries a commit again by itself, and what it is told last, a refusal too, says nothing of the tries
 * before: a coordinator may have kept one whose answer came too late.
 */
export function commitOutcomeOf(error: unknown): { outcome: 'unknown'; error: string } {
  return { outcome: 'unknown', error: answerIn(error) ?? wordsOf(error) };
}

/** The name of the error that a broker answered, however the client wrapped it. */
function answerIn(error: unknown): string | undefined {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return type === undefined && cause instanceof Error ? answerIn(cause) : type;
}

function wordsOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: unknown };
  return cause instanceof Error ? wordsOf(cause) : `${name}: ${messageOf(error)}`;
}
