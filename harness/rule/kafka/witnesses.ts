import type { PartitionLog } from '../../history/records.ts';
import { nodeName } from '../../topology/topology.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, listed, report } from '../words.ts';
import { partitionName, recordsInWords, viewOf } from './view.ts';

const name = 'kafka-witnesses';

interface Differs {
  log: PartitionLog;
  disk: PartitionLog;
  records: { offset: number; value: string }[];
  what: 'other' | 'missing';
}

/** What a client reads is what the disks hold: two witnesses that share no code. */
export const kafkaWitnesses: Rule = {
  name,
  about: 'the disks of all replicas hold what a client reads, record by record, up to the end it was told',
  guarantee: {
    quote: '"All replicas have the exact same log with the same offsets", up to the high watermark.',
    source: 'Kafka documentation, "Replication" (design); KIP-101',
  },
  cannotSee: [
    'records above the high watermark: replicas may differ there',
    'logs that both witnesses read wrongly',
  ],
  byDesign: ['a replica may hold more than may be read'],
  judge(evidence: Evidence): Judgement {
    const { clientLogs, diskLogs } = viewOf(evidence);
    // Later readings of a partition replace earlier ones: the disks are read last.
    const latest = new Map(clientLogs.map((log) => [log.partition, log]));
    const pairs = [...latest.values()].flatMap((log) =>
      diskLogs.filter(({ partition }) => partition === log.partition).map((disk) => ({ log, disk })),
    );
    const differ = pairs.flatMap(({ log, disk }) => differences(log, disk));
    const { findings, more } = report(differ, ({ log, disk, records, what }) => {
      const where = `${partitionName(log.partition)} on ${nodeName(disk.node!)}`;
      const how = what === 'missing' ? 'lacks' : 'has something else than';
      return finding(evidence, {
        rule: name,
        title: `the disk of ${where} ${how} ${count(records.length, 'record')} that can be read: ${recordsInWords(records)}`,
        tell: `A client read ${log.records.length} records of it; the disk, read by DumpLogSegments, holds ${disk.records.length}. All replicas were in sync when the client read.`,
        atNs: evidence.journal.at(-1)?.atNs ?? 0,
        servers: [disk.node!],
      });
    });
    const alone = [...latest.keys()].filter(
      (partition) => !diskLogs.some((disk) => disk.partition === partition),
    );
    const compared = pairs.reduce((sum, { log }) => sum + log.records.length, 0);
    return {
      relevant: compared,
      seen: `${count(compared, 'record')} compared on ${count(pairs.length, 'replica')}${more}`,
      findings,
      ...(alone.length > 0 && { inconclusive: `no disk was read for ${listed(alone.map(partitionName))}` }),
    };
  },
};

function differences(log: PartitionLog, disk: PartitionLog): Differs[] {
  const at = new Map(disk.records);
  const odd = log.records.flatMap(([offset, value]) => (at.get(offset) === value ? [] : [{ offset, value }]));
  const missing = odd.filter(({ offset }) => !at.has(offset));
  const other = odd.filter(({ offset }) => at.has(offset));
  return [
    ...(other.length > 0 ? [{ log, disk, records: other, what: 'other' as const }] : []),
    ...(missing.length > 0 ? [{ log, disk, records: missing, what: 'missing' as const }] : []),
  ];
}
