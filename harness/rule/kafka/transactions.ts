import type { CommittedLog, EndedTransaction } from '../../history/records.ts';
import { transactionsTopic } from '../../topology/brokers.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, listed, report, seconds } from '../words.ts';
import { byPartition, readingName, recordsInWords, viewOf } from './view.ts';

const name = 'kafka-transactions';

/** What became of a transaction, as far as its producer knows. */
type Fate = 'committed' | 'not committed' | 'unknown';

/** One reader, who saw all partitions it was asked for. */
interface Reading {
  by: string;
  /** Where each value stands, by partition and value. */
  places: Map<string, number[]>;
  /** Partitions that were read. */
  partitions: Set<number>;
}

interface Wrong {
  title: string;
  tell: string;
  atNs: number;
}

/** All records of a transaction or none, and none before it is decided. */
export const kafkaTransactions: Rule = {
  name,
  about:
    'readers of committed records see all records of a committed transaction and none of an aborted one; one without an answer is whole or absent',
  guarantee: {
    quote:
      '"Atomic multi-partition writes: either all of the messages are visible to the read_committed consumer or none of them are."',
    source: 'Kafka documentation, isolation.level (consumer configs); KIP-98',
  },
  cannotSee: [
    'offsets that are committed within a transaction: ours have none',
    'who reads while transactions run: readers read at the end',
  ],
  byDesign: [
    'a commit without an answer may hold or not',
    'records of aborted transactions stay on the disks',
  ],
  needs: ['java-clients'],
  judge(evidence: Evidence): Judgement {
    const { transactions, committedLogs } = viewOf(evidence);
    const readings = readingsOf(committedLogs);
    const known = new Set(transactions.flatMap(({ records }) => records.map(keyOf)));
    const wrong = [
      ...readings.flatMap((reading) => [
        ...transactions.flatMap((each) => wrongIn(each, reading)),
        ...oddIn(reading, known),
      ]),
      ...hangingIn(committedLogs),
    ];
    const { findings, more } = report(wrong, (each) => finding(evidence, { rule: name, ...each }));
    const of = (fate: Fate) => transactions.filter((each) => fateOf(each) === fate).length;
    const hidden = Math.max(0, ...sumsOf(committedLogs));
    const clients = committedLogs.filter(({ witness }) => witness === 'client');
    const unread = (evidence.scenario.records?.partitions ?? 0) - byPartition(clients).size;
    return {
      relevant: committedLogs.length > 0 ? transactions.length : 0,
      seen: `${count(of('committed'), 'committed transaction')}, ${of('not committed')} not committed, ${of('unknown')} unknown; ${count(hidden, 'record')} on a disk that no reader is shown; ${count(readings.length, 'reading')}${more}`,
      findings,
      ...(unread > 0 && {
        inconclusive: `nobody read ${count(unread, 'partition')} of ${transactionsTopic}`,
      }),
    };
  },
};

const keyOf = ({ partition, value }: { partition: number; value: string }) => `${partition}/${value}`;
const placeName = (partition: number) => `${transactionsTopic}-${partition}`;

/** Nothing but an acknowledged commit commits; whose abort was asked for can never be committed. */
function fateOf({ end, outcome }: EndedTransaction): Fate {
  if (end === 'abort' || outcome === 'fail') return 'not committed';
  return outcome === 'ok' ? 'committed' : 'unknown';
}

function readingsOf(logs: readonly CommittedLog[]): Reading[] {
  const readings = new Map<string, Reading>();
  for (const log of logs) {
    const by = readingName(log);
    const reading = readings.get(by) ?? { by, places: new Map(), partitions: new Set() };
    readings.set(by, reading);
    reading.partitions.add(log.partition);
    for (const [offset, value] of log.records) {
      const key = keyOf({ partition: log.partition, value });
      reading.places.set(key, [...(reading.places.get(key) ?? []), offset]);
    }
  }
  return [...readings.values()];
}

function wrongIn(transaction: EndedTransaction, { by, places, partitions }: Reading): Wrong[] {
  const { id, producer, end, outcome, endedNs, returnedNs } = transaction;
  const records = transaction.records.filter(({ partition }) => partitions.has(partition));
  const shown = records.filter((each) => places.has(keyOf(each)));
  const missing = records.filter((each) => !places.has(keyOf(each)));
  const moved = shown.filter(
    (each) => each.offset !== undefined && !places.get(keyOf(each))!.includes(each.offset),
  );
  const words = (some: typeof records) =>
    [...byPartition(some)]
      .map(([partition, each]) => `${placeName(partition)} ${recordsInWords(each.map(placed))}`)
      .join('; ');
  const placed = (each: (typeof records)[number]) => ({
    offset: each.offset ?? places.get(keyOf(each))?.[0] ?? -1,
    value: each.value,
  });
  const fate = fateOf(transaction);
  const asked = `Producer ${producer} asked for its ${end} at ${seconds(endedNs)}; the answer at ${seconds(returnedNs)} was "${transaction.error ?? outcome}". Read ${by}.`;
  const breach = (title: string): Wrong[] => [{ title, tell: asked, atNs: returnedNs }];
  const of = `of ${count(records.length, 'record')}`;
  if (fate === 'not committed' && shown.length > 0)
    return breach(
      `transaction ${id} was ${end === 'abort' ? 'aborted' : 'refused'}, and ${shown.length} ${of} can be read: ${words(shown)}`,
    );
  if (fate === 'committed' && missing.length > 0)
    return breach(
      `transaction ${id} was committed, and ${missing.length} ${of} cannot be read: ${words(missing)}`,
    );
  if (fate === 'unknown' && shown.length > 0 && missing.length > 0)
    return breach(
      `transaction ${id} is there in part: ${shown.length} ${of} can be read (${words(shown)}), the others cannot (${words(missing)})`,
    );
  if (moved.length > 0)
    return breach(
      `${count(moved.length, 'record')} of transaction ${id} can be read elsewhere than acknowledged: ${words(moved)}`,
    );
  return [];
}

/** What is shown twice, or was sent by nobody. */
function oddIn({ by, places }: Reading, known: ReadonlySet<string>): Wrong[] {
  return [...places].flatMap(([key, offsets]) => {
    const [partition, value] = key.split('/', 2) as [string, string];
    const where = `of ${placeName(Number(partition))}`;
    const tell = `Read ${by}.`;
    if (!known.has(key))
      return [
        { title: `"${value}" at offset ${offsets[0]} ${where} was sent there by nobody`, tell, atNs: 0 },
      ];
    if (offsets.length === 1) return [];
    return [{ title: `"${value}" ${where} can be read at offsets ${offsets.join(' and ')}`, tell, atNs: 0 }];
  });
}

/** A transaction without an end holds up every reader behind it. */
function hangingIn(logs: readonly CommittedLog[]): Wrong[] {
  const stuck = logs.filter(({ end, high }) => end !== undefined && high !== undefined && end < high);
  if (stuck.length === 0) return [];
  return [
    {
      title: `readers of committed records get no further than ${listed(stuck.map(({ partition, end, high }) => `offset ${end} of ${high} in ${placeName(partition)}`))}: a transaction has no end`,
      tell: 'All producers had ended, and a coordinator aborts what is older than transaction.timeout.ms; it was waited for.',
      atNs: 0,
    },
  ];
}

/** How much of its disk each broker keeps from readers. */
function sumsOf(logs: readonly CommittedLog[]): number[] {
  const sums = new Map<number, number>();
  for (const { node, hidden } of logs)
    if (node !== undefined) sums.set(node, (sums.get(node) ?? 0) + (hidden?.length ?? 0));
  return [...sums.values()];
}
