import { expect, test } from 'vitest';
import type { Sent } from '../../harness/history/records.ts';
import { brokerReport } from '../../reports/brokers/broker-report.ts';
import { s, sampleBrokers } from './sample-brokers.ts';

const report = brokerReport(sampleBrokers);

test('registrations and controllers end with the session of whoever made them, in logs of 3.5 too', () => {
  expect(report.metadata.registrations).toMatchObject([
    { node: 101, fromNs: s(1), toNs: s(6), ended: true },
    { node: 102, fromNs: s(1), toNs: s(15), ended: false },
    { node: 101, fromNs: s(12), toNs: s(15), ended: false },
  ]);
  expect(report.metadata.controllers).toMatchObject([
    { node: 101, epoch: 1, fromNs: s(1.5), toNs: s(6), ended: true },
    { node: 102, epoch: 2, fromNs: s(6.1), toNs: s(15), ended: false },
  ]);
});

test('a partition is led by one broker after the other, and by nobody in between', () => {
  expect(report.metadata.leaders).toEqual([
    { partition: 'records-0', leader: 101, fromNs: s(2), toNs: s(6.3) },
    { partition: 'records-0', leader: undefined, fromNs: s(6.3), toNs: s(6.8) },
    { partition: 'records-0', leader: 102, fromNs: s(6.8), toNs: s(15) },
  ]);
});

test('a partition is quiet while a record waits, not while nobody asks', () => {
  const [partition] = report.partitions;
  expect(partition).toMatchObject({ partition: 'records-0', acknowledged: 5 });
  expect(partition?.quiet).toEqual([{ fromNs: s(4.5), toNs: s(7) }]);
  expect(partition?.late.map(({ value }) => value)).toEqual(['late']);
  expect(partition?.lost?.map(({ value }) => value)).toEqual(['gone']);
});

test('what came after a fault is told with it, layer by layer; a fault that missed has none', () => {
  const [pause, isolate, ...others] = report.consequences;
  expect(others).toEqual([]);
  expect(pause?.fault.fault).toBe('pause');
  expect(pause?.writeless).toHaveLength(1);
  expect(pause?.sessions.map(({ node }) => node)).toEqual([101]);
  expect(pause?.controllers.map(({ node, epoch }) => [node, epoch])).toEqual([[102, 2]]);
  expect(pause?.leaders.map(({ leader }) => leader)).toEqual([undefined, 102]);
  expect(pause?.quiet).toHaveLength(1);
  const values = (of: readonly Sent[] = []) => of.map(({ value }) => value);
  expect(values(pause?.late)).toEqual(['late']);
  expect(values(pause?.refused)).toEqual(['refused']);
  expect(values(pause?.unknown)).toEqual(['unknown']);
  expect(values(pause?.lost)).toEqual(['gone']);
  expect(isolate).toMatchObject({
    sessions: [],
    controllers: [],
    leaders: [],
    quiet: [],
    late: [],
    lost: [],
  });
});

test('without transaction logs what clients met is told all the same', () => {
  const alone = brokerReport({ ...sampleBrokers, transactions: undefined });
  expect(alone.metadata.registrations).toEqual([]);
  expect(alone.partitions[0]?.quiet).toHaveLength(1);
});
