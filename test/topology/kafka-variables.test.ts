import { expect, test } from 'vitest';
import { kafkaVariables } from '../../harness/topology/kafka-variables.ts';

test('dots, dashes and underscores of a setting are one, two and three underscores', () => {
  expect(kafkaVariables({ 'log.dirs': '/data', 'a-b.c_d': 'x' })).toEqual({
    KAFKA_LOG_DIRS: '/data',
    KAFKA_A__B_C___D: 'x',
  });
});
