import type { PartitionLog } from '../../history/records.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, report } from '../words.ts';
import { partitionName, recordsInWords, viewOf } from './view.ts';

const name = 'kafka-once';

interface Odd {
  log: PartitionLog;
  what: 'twice' | 'refused' | 'strange';
  records: { offset: number; value: string }[];
}

const words: Record<Odd['what'], string> = {
  twice: 'stand more than once though each was sent once',
  refused: 'were refused and stand there all the same',
  strange: 'were sent to that partition by nobody',
};

/** Every record is sent once and never again, so the logs hold it at most once. */
export const kafkaOnce: Rule = {
  name,
  about: 'the logs hold no record twice, none that was refused, and none that nobody sent',
  guarantee: {
    quote:
      'A broker appends a record once for every request that asks it to, and not at all when it refuses.',
    source: 'Kafka protocol guide, Produce; of our clients only idempotent producers retry',
  },
  cannotSee: ['what clients do that retry and are not idempotent: none of ours does'],
  byDesign: ['a record whose send had no answer may be there or not'],
  judge(evidence: Evidence): Judgement {
    const { sent, clientLogs } = viewOf(evidence);
    const outcomes = new Map(sent.map(({ partition, value, outcome }) => [`${partition}/${value}`, outcome]));
    const odd = clientLogs.flatMap((log) => oddIn(log, outcomes));
    const { findings, more } = report(odd, ({ log, what, records }) =>
      finding(evidence, {
        rule: name,
        title: `${count(records.length, 'record')} of ${partitionName(log.partition)} ${words[what]}: ${recordsInWords(records)}`,
        tell: `Read back in phase "${log.phase}".`,
        atNs: sent.find(({ value }) => value === records[0]!.value)?.returnedNs ?? 0,
      }),
    );
    const read = clientLogs.reduce((sum, { records }) => sum + records.length, 0);
    return { relevant: read, seen: `${count(read, 'record')} read back${more}`, findings };
  },
};

function oddIn(log: PartitionLog, outcomes: ReadonlyMap<string, string>): Odd[] {
  const seen = new Set<string>();
  const found: Record<Odd['what'], Odd['records']> = { twice: [], refused: [], strange: [] };
  for (const [offset, value] of log.records) {
    const outcome = outcomes.get(`${log.partition}/${value}`);
    if (seen.has(value)) found.twice.push({ offset, value });
    else if (outcome === undefined) found.strange.push({ offset, value });
    else if (outcome === 'fail') found.refused.push({ offset, value });
    seen.add(value);
  }
  return (['twice', 'refused', 'strange'] as const)
    .filter((what) => found[what].length > 0)
    .map((what) => ({ log, what, records: found[what] }));
}
