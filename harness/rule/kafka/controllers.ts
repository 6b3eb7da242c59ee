import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, report, zxidText } from '../words.ts';
import { type MetadataChange, metadataChanges } from './metadata.ts';

const name = 'kafka-controllers';

interface Wrong {
  change: MetadataChange;
  title: string;
  tell: string;
}

/** At most one broker decides for all, and those that follow can tell whose decisions are old. */
export const kafkaControllers: Rule = {
  name,
  about: 'one controller in each controller epoch, and each new controller takes the next epoch',
  guarantee: {
    quote:
      '"There can be only one controller ... the controller epoch is incremented for every new controller."',
    source: 'KafkaZkClient.registerControllerAndIncrementControllerEpoch; KAFKA-6082',
  },
  cannotSee: ['what an old controller tells brokers directly: only what it writes to ZooKeeper'],
  byDesign: [
    'a broker that lost its session goes on as controller until it hears of it; its writes are refused',
  ],
  needs: ['server-disks'],
  judge(evidence: Evidence): Judgement {
    const changes = metadataChanges(evidence);
    const wrong: Wrong[] = [];
    let epoch: number | undefined;
    let elections = 0;
    for (const change of changes) {
      if (change.path === '/controller_epoch') {
        const next = Number(change.value);
        if (epoch !== undefined && next !== epoch + 1) {
          wrong.push({
            change,
            title: `controller epoch ${next} came after epoch ${epoch}`,
            tell: 'Every new controller takes the epoch after the last, and nobody else writes it.',
          });
        }
        epoch = next;
      } else if (change.path === '/controller') {
        elections++;
        if (!change.together.includes('/controller_epoch')) {
          wrong.push({
            change,
            title: `broker ${brokerIn(change)} became controller in epoch ${epoch}, which another had before`,
            tell: 'It took the office without a new epoch, so its decisions cannot be told from those of the last controller.',
          });
        }
      } else if (change.path.endsWith('/state') && epoch !== undefined) {
        const by = (JSON.parse(change.value) as { controller_epoch: number }).controller_epoch;
        // In the transaction that elects a controller nothing else is written.
        if (by > epoch) {
          wrong.push({
            change,
            title: `${change.path} was written in controller epoch ${by}, before there was one`,
            tell: `The last epoch anybody took was ${epoch}.`,
          });
        }
      }
    }
    const { findings, more } = report(wrong, ({ change, title, tell }) =>
      finding(evidence, {
        rule: name,
        title,
        tell: `${tell} Transaction ${zxidText(change.zxid)} of session 0x${change.session}.`,
        atNs: (change.timeMs - evidence.origin.wallMs) * 1e6,
        zxids: [change.zxid],
      }),
    );
    return {
      relevant: elections,
      seen: `${count(elections, 'controller election')} up to epoch ${epoch ?? 'none'}, in ${count(changes.length, 'write')} of brokers${more}`,
      findings,
    };
  },
};

const brokerIn = ({ value }: MetadataChange) => (JSON.parse(value) as { brokerid: number }).brokerid;
