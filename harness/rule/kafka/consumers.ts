import type { Polled } from '../../history/records.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, listed, report } from '../words.ts';
import { byPartition, partitionName, viewOf } from './view.ts';

const name = 'kafka-consumers';

interface Wrong {
  title: string;
  tell: string;
  atNs: number;
}

/** What a group of consumers is handed is the log, from front to back, with nothing left out. */
export const kafkaConsumers: Rule = {
  name,
  about: 'a group is handed every record, in order, as it stands in the log at the end; none is left out',
  guarantee: {
    quote: '"A consumer instance sees records in the order they are stored in the log."',
    source: 'Kafka documentation, "Guarantees" (intro)',
  },
  cannotSee: ['the last records, where the group did not get that far in time: then it says so'],
  byDesign: ['after a rebalance records that were not committed are handed out again (at least once)'],
  judge(evidence: Evidence): Judgement {
    const { sent, polled, clientLogs } = viewOf(evidence);
    if (evidence.scenario.records?.consumers === 0)
      return { relevant: 1, seen: 'no group was asked to read', findings: [] };
    const logs = new Map(clientLogs.map(({ partition, records }) => [partition, new Map(records)]));
    const wrong: Wrong[] = [];
    const short: string[] = [];
    let handed = 0;
    let again = 0;
    const ofPartition = byPartition(polled);
    for (const [partition, batches] of ofPartition) {
      const log = logs.get(partition);
      const seen = new Set<number>();
      for (const batch of batches) {
        handed += batch.records.length;
        wrong.push(...gapsIn(batch), ...(log ? strangersIn(batch, log) : []));
        for (const [offset] of batch.records) {
          if (seen.has(offset)) again++;
          seen.add(offset);
        }
      }
      const last = batches.reduce((most, each) => Math.max(most, lastOf(each)), -1);
      const skipped = [...(log ?? [])].filter(([offset]) => offset <= last && !seen.has(offset));
      if (skipped.length > 0) {
        wrong.push({
          title: `the group was never handed ${count(skipped.length, 'record')} of ${partitionName(partition)}, from offset ${skipped[0]![0]} on ("${skipped[0]![1]}")`,
          tell: `It read on to offset ${last} and left these out.`,
          atNs: batches.at(-1)!.atNs,
        });
      }
    }
    for (const [partition, records] of byPartition(sent.filter(({ outcome }) => outcome === 'ok'))) {
      const read = (ofPartition.get(partition) ?? []).reduce(
        (most, each) => Math.max(most, lastOf(each)),
        -1,
      );
      if (records.some(({ offset }) => offset! > read)) short.push(partitionName(partition));
    }
    const { findings, more } = report(wrong, (each) => finding(evidence, { rule: name, ...each }));
    return {
      relevant: handed,
      seen: `${count(handed, 'record')} handed out, ${again} of them again${more}`,
      findings,
      ...(short.length > 0 && {
        inconclusive: `the group did not get to the end of ${listed(short)} in time`,
      }),
    };
  },
};

const lastOf = ({ records }: Polled) => records.at(-1)![0];

/** Offsets of one batch follow each other: nothing is compacted, and there are no transactions. */
function gapsIn({ records, consumer, partition, atNs }: Polled): Wrong[] {
  const at = records.findIndex(([offset], i) => i > 0 && offset !== records[i - 1]![0] + 1);
  if (at < 0) return [];
  return [
    {
      title: `${consumer} was handed offset ${records[at]![0]} of ${partitionName(partition)} right after offset ${records[at - 1]![0]}`,
      tell: 'Offsets in a log without transactions and compaction follow each other.',
      atNs,
    },
  ];
}

function strangersIn(
  { records, consumer, partition, atNs }: Polled,
  log: ReadonlyMap<number, string>,
): Wrong[] {
  const odd = records.find(([offset, value]) => log.get(offset) !== value);
  if (!odd) return [];
  const [offset, value] = odd;
  const now = log.has(offset) ? `holds "${log.get(offset)}"` : 'holds nothing';
  return [
    {
      title: `${consumer} was handed "${value}" at offset ${offset} of ${partitionName(partition)}, where the log ${now} at the end`,
      tell: 'Only committed records are handed out, and a committed record stays.',
      atNs,
    },
  ];
}
