import type { PartitionLog, Sent } from '../../history/records.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, listed, report } from '../words.ts';
import { byPartition, partitionName, recordsInWords, settingsInWords, viewOf } from './view.ts';

const name = 'kafka-acknowledged';

type Acked = Sent & { offset: number };

interface Missing {
  log: PartitionLog;
  /** In the order of their offsets. */
  lost: Acked[];
  /** What stands there instead, for those that were overwritten. */
  instead: Map<number, string>;
  moved: Acked[];
}

/** What a broker acknowledged is there for good, where it said. One pass over each log. */
export const kafkaAcknowledged: Rule = {
  name,
  about: 'every acknowledged record stands in the log of its partition, at the offset that was acknowledged',
  guarantee: {
    quote:
      '"A message that was committed ... will not be lost as long as there is at least one in sync replica alive, at all times."',
    source: 'Kafka documentation, "Replication" (design.html#replication)',
  },
  cannotSee: [
    'what was lost and written again by nobody: values are sent once',
    'records nobody acknowledged',
  ],
  byDesign: [
    'with acks=1 or unclean leader election Kafka makes no such promise; a loss is told all the same, with these settings',
  ],
  judge(evidence: Evidence): Judgement {
    const { sent, clientLogs } = viewOf(evidence);
    const acked = sent.filter((each): each is Acked => each.outcome === 'ok' && each.offset !== undefined);
    const ofPartition = byPartition(acked);
    const missing = clientLogs.map((log) => missingIn(log, ofPartition.get(log.partition) ?? []));
    const wrong = missing.filter(({ lost, moved }) => lost.length + moved.length > 0);
    const { findings, more } = report(wrong, (each) => told(evidence, each));
    const read = new Set(clientLogs.map(({ partition }) => partition));
    const unread = [...ofPartition.keys()].filter((partition) => !read.has(partition));
    return {
      relevant: acked.length,
      seen: `${count(acked.length, 'acknowledged record')} looked for in ${count(clientLogs.length, 'log')}${more}`,
      findings,
      ...((unread.length > 0 || clientLogs.length === 0) && {
        inconclusive: `nobody read ${listed(unread.map(partitionName)) || 'any partition'} to its end`,
      }),
    };
  },
};

function missingIn(log: PartitionLog, acked: readonly Acked[]): Missing {
  const at = new Map(log.records);
  const values = new Set(at.values());
  const gone = acked
    .filter(({ offset, value }) => at.get(offset) !== value)
    .sort((a, b) => a.offset - b.offset);
  const lost = gone.filter(({ value }) => !values.has(value));
  const instead = new Map(lost.flatMap(({ offset }) => (at.has(offset) ? [[offset, at.get(offset)!]] : [])));
  return { log, lost, instead, moved: gone.filter(({ value }) => values.has(value)) };
}

function told(evidence: Evidence, { log, lost, instead, moved }: Missing) {
  const where = partitionName(log.partition);
  const [first] = [...lost, ...moved];
  const what =
    lost.length > 0
      ? `${count(lost.length, 'acknowledged record')} of ${where} ${lost.length === 1 ? 'is' : 'are'} lost: ${recordsInWords(lost)}`
      : `${count(moved.length, 'acknowledged record')} of ${where} ${moved.length === 1 ? 'stands' : 'stand'} at another offset: ${recordsInWords(moved)}`;
  const [[offset, value] = []] = instead;
  const rewritten =
    offset === undefined
      ? ''
      : ` ${count(instead.size, 'offset')} of these were written again: offset ${offset} holds "${value}" now.`;
  return finding(evidence, {
    rule: name,
    title: what,
    tell: `They were read back in phase "${log.phase}" from offset 0 to ${log.end}, and were not there.${rewritten} ${settingsInWords(evidence)}`,
    atNs: first!.returnedNs,
  });
}
