import { expect, test } from 'vitest';
import { logsIn, type Segment } from '../../harness/run/dump-logs.ts';

const first = { topic: 'records', partition: 0 };
const segments: Segment[] = [
  { ...first, node: 101, path: 'kafka1/data/records-0/00000000000000000000.log' },
  { ...first, node: 101, path: 'kafka1/data/records-0/00000000000000000002.log' },
  { ...first, node: 102, path: 'kafka2/data/records-0/00000000000000000000.log' },
];
/** As Kafka 2.7.0 and 3.9.2 print it. */
const output = `Dumping ${segments[0]!.path}
Log starting offset: 0
baseOffset: 0 lastOffset: 1 count: 2 baseSequence: -1 producerId: -1 position: 0 CreateTime: 1 isvalid: true
| offset: 0 CreateTime: 1 keySize: -1 valueSize: 4 sequence: -1 headerKeys: [] payload: p0-0
| offset: 1 CreateTime: 1 keySize: -1 valueSize: 4 sequence: -1 headerKeys: [] payload: p1-0
Dumping ${segments[1]!.path}
Log starting offset: 2
| offset: 2 CreateTime: 1 keysize: -1 valuesize: 4 sequence: -1 headerKeys: [] payload: p0-3
Dumping ${segments[2]!.path}
Log starting offset: 0
`;

test('what DumpLogSegments prints is one log a broker and partition, its segments joined', () => {
  expect(logsIn(output, segments)).toEqual([
    {
      kind: 'log',
      witness: 'disk',
      node: 101,
      partition: 0,
      records: [
        [0, 'p0-0'],
        [1, 'p1-0'],
        [2, 'p0-3'],
      ],
    },
    { kind: 'log', witness: 'disk', node: 102, partition: 0, records: [] },
  ]);
});

test('a segment that was not read is an error, not an empty log', () => {
  expect(() => logsIn(output.slice(0, output.indexOf('kafka2') - 20), segments)).toThrow(
    /did not read .*kafka2/,
  );
});

/** As Kafka 3.9.2 prints it; 2.7.0 writes keysize and valuesize. Some fields of no use here are left out. */
const ofTransactions = `Dumping kafka1/data/transactions-0/00000000000000000000.log
Log starting offset: 0
baseOffset: 0 lastOffset: 1 count: 2 baseSequence: 0 producerId: 1001 producerEpoch: 0 isTransactional: true isControl: false
| offset: 0 CreateTime: 1 keySize: -1 valueSize: 6 sequence: 0 headerKeys: [] payload: t0-0.0
| offset: 1 CreateTime: 1 keySize: -1 valueSize: 6 sequence: 1 headerKeys: [] payload: t0-0.2
baseOffset: 2 lastOffset: 2 count: 1 baseSequence: 0 producerId: 2000 producerEpoch: 0 isTransactional: true isControl: false
| offset: 2 CreateTime: 1 keySize: -1 valueSize: 6 sequence: 0 headerKeys: [] payload: t1-0.0
baseOffset: 3 lastOffset: 3 count: 1 baseSequence: -1 producerId: 1001 producerEpoch: 0 isTransactional: true isControl: true
| offset: 3 CreateTime: 1 keySize: 4 valueSize: 6 sequence: -1 headerKeys: [] endTxnMarker: ABORT coordinatorEpoch: 0
baseOffset: 4 lastOffset: 4 count: 1 baseSequence: 2 producerId: 1001 producerEpoch: 0 isTransactional: true isControl: false
| offset: 4 CreateTime: 1 keySize: -1 valueSize: 6 sequence: 2 headerKeys: [] payload: t0-1.4
baseOffset: 5 lastOffset: 5 count: 1 baseSequence: -1 producerId: 2000 producerEpoch: 0 isTransactional: true isControl: true
| offset: 5 CreateTime: 1 keySize: 4 valueSize: 6 sequence: -1 headerKeys: [] endTxnMarker: COMMIT coordinatorEpoch: 0
`;

test('of transactions the markers on a disk decide what a reader may see; what has none stays hidden', () => {
  const path = 'kafka1/data/transactions-0/00000000000000000000.log';
  expect(logsIn(ofTransactions, [{ node: 101, topic: 'transactions', partition: 0, path }])).toEqual([
    {
      kind: 'committed-log',
      witness: 'disk',
      node: 101,
      partition: 0,
      records: [[2, 't1-0.0']],
      hidden: [
        [0, 't0-0.0'],
        [1, 't0-0.2'],
        [4, 't0-1.4'],
      ],
    },
  ]);
});
