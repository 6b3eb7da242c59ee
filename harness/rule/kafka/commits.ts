import type { Committed } from '../../history/records.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, report, seconds } from '../words.ts';
import { partitionName, type RecordsView, viewOf } from './view.ts';

const name = 'kafka-commits';

interface Wrong {
  title: string;
  tell: string;
  atNs: number;
}

/** An offset that a group committed is where it goes on. */
export const kafkaCommits: Rule = {
  name,
  about:
    'a group goes on where it committed: never before an acknowledged commit, never behind all it ever asked for',
  guarantee: {
    quote:
      '"The offsets ... are stored in the offsets topic ... the broker sends a successful offset commit response to the consumer only after all the replicas of the offsets topic receive the offsets."',
    source: 'Kafka documentation, "Consumer Offset Tracking" (implementation)',
  },
  cannotSee: ['commits of other groups'],
  byDesign: ['a commit without an answer may hold or not'],
  judge(evidence: Evidence): Judgement {
    const view = viewOf(evidence);
    if (evidence.scenario.records?.consumers === 0)
      return { relevant: 1, seen: 'no group was asked to commit', findings: [] };
    const acked = view.committed.filter(({ outcome }) => outcome === 'ok');
    const wrong = [...wrongStarts(view), ...wrongEnds(view)];
    const { findings, more } = report(wrong, (each) => finding(evidence, { rule: name, ...each }));
    return {
      relevant: acked.length,
      seen: `${count(acked.length, 'acknowledged commit')}, ${count(view.joined.length, 'assignment')}${more}`,
      findings,
      ...(view.groupOffsets.length === 0 && {
        inconclusive: 'nobody asked at the end what the group has committed',
      }),
    };
  },
};

/** Where a member begins after it was assigned a partition. */
function wrongStarts({ joined, polled, committed }: RecordsView): Wrong[] {
  return joined.flatMap(({ consumer, partitions, atNs }) => {
    const until = joined.find((each) => each.consumer === consumer && each.atNs > atNs)?.atNs ?? Infinity;
    return partitions.flatMap((partition): Wrong[] => {
      const first = polled.find(
        (each) =>
          each.consumer === consumer && each.partition === partition && each.atNs > atNs && each.atNs < until,
      );
      if (!first) return [];
      const [offset] = first.records[0]!;
      const commits = committed.filter((each) => each.partition === partition);
      const lowest = highest(
        commits.filter(({ outcome, returnedNs }) => outcome === 'ok' && returnedNs < atNs),
      );
      const most = highest(
        commits.filter(({ outcome, invokedNs }) => outcome !== 'fail' && invokedNs < first.atNs),
      );
      const where = partitionName(partition);
      if (offset < lowest) {
        return [
          {
            title: `${consumer} was sent back to offset ${offset} of ${where} although offset ${lowest} had been committed`,
            tell: `The commit was acknowledged before ${consumer} joined at ${seconds(atNs)}.`,
            atNs: first.atNs,
          },
        ];
      }
      if (offset <= most) return [];
      return [
        {
          title: `${consumer} began at offset ${offset} of ${where}, and nobody had committed more than ${most}`,
          tell: `It joined at ${seconds(atNs)}; what lies between was handed to nobody.`,
          atNs: first.atNs,
        },
      ];
    });
  });
}

function wrongEnds({ groupOffsets, committed }: RecordsView): Wrong[] {
  return groupOffsets.flatMap(({ partition, offset, atNs }): Wrong[] => {
    const commits = committed.filter((each) => each.partition === partition);
    const lowest = highest(commits.filter(({ outcome }) => outcome === 'ok'));
    const most = highest(commits.filter(({ outcome }) => outcome !== 'fail'));
    if (Math.max(0, offset) >= lowest && Math.max(0, offset) <= most) return [];
    return [
      {
        title: `the group stands at offset ${offset} of ${partitionName(partition)} at the end, not from ${lowest} to ${most}`,
        tell: `${lowest} is the highest offset whose commit was acknowledged, ${most} the highest anybody asked for.`,
        atNs,
      },
    ];
  });
}

const highest = (commits: readonly Committed[]) =>
  commits.reduce((most, { offset }) => Math.max(most, offset), 0);
