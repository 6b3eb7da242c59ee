import type { Sent } from '../../history/records.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, report, seconds } from '../words.ts';
import { partitionName, viewOf } from './view.ts';

const name = 'kafka-order';

interface Swapped {
  before: Sent;
  after: Sent;
}

/** Offsets are given out once, and in the order a producer sends. */
export const kafkaOrder: Rule = {
  name,
  about: 'records of one producer stand in the order they were sent, and no offset is given out twice',
  guarantee: {
    quote:
      '"Messages sent by a producer to a particular topic partition will be appended in the order they are sent."',
    source: 'Kafka documentation, "Guarantees" (intro)',
  },
  cannotSee: [
    'the order of records of different producers: nobody promised one',
    'records without an answer',
  ],
  byDesign: [
    'a record without an answer may be appended behind later ones, once its request is done at last',
  ],
  judge(evidence: Evidence): Judgement {
    const acked = viewOf(evidence).sent.filter(({ outcome }) => outcome === 'ok');
    const last = new Map<string, Sent>();
    const swapped: Swapped[] = [];
    const owner = new Map<string, Sent>();
    const shared: Swapped[] = [];
    for (const each of acked.toSorted((a, b) => a.invokedNs - b.invokedNs)) {
      const lane = `${each.producer}/${each.partition}`;
      const before = last.get(lane);
      if (before && each.offset! <= before.offset!) swapped.push({ before, after: each });
      last.set(lane, each);
      const place = `${each.partition}/${each.offset}`;
      const other = owner.get(place);
      if (other) shared.push({ before: other, after: each });
      else owner.set(place, each);
    }
    const { findings, more } = report([...swapped, ...shared], ({ before, after }) =>
      finding(evidence, {
        rule: name,
        title:
          before.offset === after.offset
            ? `offset ${after.offset} of ${partitionName(after.partition)} was acknowledged twice: "${before.value}" and "${after.value}"`
            : `"${after.value}" was sent after "${before.value}" and stands before it in ${partitionName(after.partition)}`,
        tell: `"${before.value}" was acknowledged at offset ${before.offset} at ${seconds(before.returnedNs)}, "${after.value}" was sent at ${seconds(after.invokedNs)} and acknowledged at offset ${after.offset}.`,
        atNs: after.returnedNs,
      }),
    );
    return {
      relevant: acked.length,
      seen: `${count(acked.length, 'acknowledged record')} of ${count(last.size, 'producer and partition', 'producers and partitions')}${more}`,
      findings,
    };
  },
};
