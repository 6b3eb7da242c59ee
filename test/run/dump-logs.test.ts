import { expect, test } from 'vitest';
import { logsIn, type Segment } from '../../harness/run/dump-logs.ts';

const segments: Segment[] = [
  { node: 101, partition: 0, path: '/e/kafka1/data/records-0/00000000000000000000.log' },
  { node: 101, partition: 0, path: '/e/kafka1/data/records-0/00000000000000000002.log' },
  { node: 102, partition: 0, path: '/e/kafka2/data/records-0/00000000000000000000.log' },
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
