import { expect, test } from 'vitest';
import { outcomeOf } from '../../../harness/workload/records/kafka.ts';

const answered = (type: string) => Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type });
const wrapped = (cause: Error) =>
  Object.assign(new Error('given up'), { name: 'KafkaJSNumberOfRetriesExceeded', cause });

test.each<[string, Error, 'record' | 'commit', string]>([
  ['too few replicas, told before the append', answered('NOT_ENOUGH_REPLICAS'), 'record', 'fail'],
  ['the same, wrapped by the client', wrapped(answered('NOT_ENOUGH_REPLICAS')), 'record', 'fail'],
  ['too few replicas after the append', answered('NOT_ENOUGH_REPLICAS_AFTER_APPEND'), 'record', 'unknown'],
  [
    'a leader that is none any more, perhaps after the append',
    answered('NOT_LEADER_FOR_PARTITION'),
    'record',
    'unknown',
  ],
  ['a topic that is not known there', answered('UNKNOWN_TOPIC_OR_PARTITION'), 'record', 'unknown'],
  ['time ran out', answered('REQUEST_TIMED_OUT'), 'record', 'unknown'],
  ['a connection that ended', new Error('Closed connection'), 'record', 'unknown'],
  ['a commit of an old generation', answered('ILLEGAL_GENERATION'), 'commit', 'fail'],
  ['a record is not refused by what refuses a commit', answered('ILLEGAL_GENERATION'), 'record', 'unknown'],
  ['a commit that timed out', answered('REQUEST_TIMED_OUT'), 'commit', 'unknown'],
])('%s', (_, error, of, outcome) => {
  expect(outcomeOf(error, of).outcome).toBe(outcome);
});
