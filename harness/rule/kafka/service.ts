import type { JournalEntry } from '../../run/journal-entry.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, report, seconds } from '../words.ts';
import { byPartition, partitionName, viewOf } from './view.ts';

const name = 'kafka-service';

/**
 * How long brokers that serve may take to acknowledge a record of a partition: clients that lost one connect anew, which
 * takes a second, or many on a busy machine. Less than a step waits for it (`recordsBackMs`), so that it can be seen.
 */
const resumeMs = 50_000;

type NotServing = Extract<JournalEntry, { kind: 'brokers-not-serving' }>;

interface Quiet {
  partition: number;
  fromNs: number;
  toNs: number;
  asked: number;
}

/** Brokers come back by themselves, and every partition with them. */
export const kafkaService: Rule = {
  name,
  about:
    'once the faults are over brokers register, elect a controller, catch up, and every partition takes records',
  guarantee: {
    quote:
      '"If ... brokers fail, the remaining in-sync replicas take over", and a broker that comes back "re-syncs" and joins again.',
    source: 'Kafka documentation, "Replication" (design); KAFKA-13407, KAFKA-14845 are breaches of it',
  },
  cannotSee: ['how fast, below its bounds: 2 minutes to serve, 50 s to acknowledge'],
  byDesign: ['while a fault is open no record need be acknowledged'],
  judge(evidence: Evidence): Judgement {
    const { journal, scenario } = evidence;
    const served = journal.filter((entry) => entry.kind === 'brokers-serving');
    // Brokers that never served show what the machine carries, not what a fault did to them.
    const stuck = journal.filter(
      (entry): entry is NotServing =>
        entry.kind === 'brokers-not-serving' && entry.atNs > (served[0]?.atNs ?? Infinity),
    );
    const partitions = Array.from({ length: scenario.records?.partitions ?? 0 }, (_, partition) => partition);
    const spans = healthySpans(evidence);
    const sent = byPartition(viewOf(evidence).sent);
    const quiet = partitions.flatMap((partition) =>
      spans.flatMap(({ fromNs, toNs }): Quiet[] => {
        const within = (sent.get(partition) ?? []).filter(
          ({ invokedNs, returnedNs }) => invokedNs >= fromNs && returnedNs <= toNs,
        );
        const acked = within.some(({ outcome }) => outcome === 'ok');
        return acked ? [] : [{ partition, fromNs, toNs, asked: within.length }];
      }),
    );
    const long = quiet.filter(({ fromNs, toNs, asked }) => asked > 0 && toNs - fromNs >= resumeMs * 1e6);
    const { findings, more } = report(long, ({ partition, fromNs, toNs, asked }) =>
      finding(evidence, {
        rule: name,
        title: `${partitionName(partition)} took no record for ${seconds(toNs - fromNs)} although all brokers served`,
        tell: `From ${seconds(fromNs)} to ${seconds(toNs)} no fault was open; clients tried ${count(asked, 'time')}.`,
        atNs: fromNs,
      }),
    );
    for (const { atNs, waitedMs, lacking } of stuck) {
      findings.push(
        finding(evidence, {
          rule: name,
          title: `brokers did not come back within ${waitedMs} ms although nothing was broken: ${lacking}`,
          tell: 'ZooKeeper served, every broker had been started, and no fault was open.',
          atNs,
        }),
      );
    }
    const short = quiet.length - long.length;
    return {
      relevant: Math.min(served.length + stuck.length, partitions.length * spans.length),
      seen: `brokers served after ${count(served.length, 'wait')}; ${count(spans.length, 'time')} without a fault, in which ${count(partitions.length, 'partition')} took records${more}`,
      findings,
      ...(short > 0 && {
        inconclusive: `in ${count(short, 'time')} without a fault a partition had too little time to show that it serves`,
      }),
    };
  },
};

/** From each moment brokers were seen to serve while clients were at work to the next fault or the end of the work. */
function healthySpans({ journal }: Evidence): { fromNs: number; toNs: number }[] {
  const spans: { fromNs: number; toNs: number }[] = [];
  let working = false;
  let fromNs: number | undefined;
  const end = (toNs: number) => {
    if (fromNs !== undefined) spans.push({ fromNs, toNs });
    fromNs = undefined;
  };
  for (const entry of journal) {
    if (entry.kind === 'phase') {
      if (entry.phase === 'warm-up') fromNs = entry.atNs;
      working = entry.phase === 'warm-up' || entry.phase === 'faults' || entry.phase === 'cool-down';
      if (!working) end(entry.atNs);
    }
    if (entry.kind === 'fault-intent') end(entry.atNs);
    if (entry.kind === 'brokers-serving' && working) fromNs ??= entry.atNs;
  }
  return spans;
}
