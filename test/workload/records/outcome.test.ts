import { expect, test } from 'vitest';
import { commitOutcomeOf, outcomeOf } from '../../../harness/workload/records/kafka.ts';

const answered = (type: string) => Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type });
const wrapped = (cause: Error) =>
  Object.assign(new Error('given up'), { name: 'KafkaJSNumberOfRetriesExceeded', cause });

test.each<[string, Error, string]>([
  ['too few replicas, told before the append', answered('NOT_ENOUGH_REPLICAS'), 'fail'],
  ['the same, wrapped by the client', wrapped(answered('NOT_ENOUGH_REPLICAS')), 'fail'],
  ['too few replicas after the append', answered('NOT_ENOUGH_REPLICAS_AFTER_APPEND'), 'unknown'],
  [
    'a leader that is none any more, perhaps after the append',
    answered('NOT_LEADER_FOR_PARTITION'),
    'unknown',
  ],
  ['a topic that is not known there', answered('UNKNOWN_TOPIC_OR_PARTITION'), 'unknown'],
  ['time ran out', answered('REQUEST_TIMED_OUT'), 'unknown'],
  ['a connection that ended', new Error('Closed connection'), 'unknown'],
  ['a record is not refused by what refuses a commit', answered('ILLEGAL_GENERATION'), 'unknown'],
])('%s', (_, error, outcome) => {
  expect(outcomeOf(error).outcome).toBe(outcome);
});

test('a refused commit may hold all the same: its client had tried it before', () => {
  expect(commitOutcomeOf(answered('UNKNOWN_MEMBER_ID'))).toEqual({
    outcome: 'unknown',
    error: 'UNKNOWN_MEMBER_ID',
  });
  expect(commitOutcomeOf(wrapped(answered('ILLEGAL_GENERATION'))).outcome).toBe('unknown');
  expect(commitOutcomeOf(new Error('Closed connection')).error).toBe('Error: Closed connection');
});
