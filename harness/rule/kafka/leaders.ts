import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, report, zxidText } from '../words.ts';
import { type MetadataChange, metadataChanges } from './metadata.ts';

const name = 'kafka-leaders';
const nobody = -1;

interface State {
  leader: number;
  leader_epoch: number;
  isr: number[];
}

interface Wrong {
  change: MetadataChange;
  title: string;
  severity: 'violation' | 'gap';
}

/** Who leads a partition is chosen from those who have all of it. */
export const kafkaLeaders: Rule = {
  name,
  about: 'a partition is led from among its in-sync replicas, and a new leader has a new leader epoch',
  guarantee: {
    quote: '"Only members of this [in-sync] set are eligible for election as leader."',
    source: 'Kafka documentation, "Replicated Logs: Quorums, ISRs, and State Machines" (design)',
  },
  cannotSee: ['whether a replica in the set really has all records: kafka-witnesses compares the disks'],
  byDesign: [
    'with unclean leader election on, a leader from outside the set is a documented gap, not a breach',
  ],
  needs: ['server-disks'],
  judge(evidence: Evidence): Judgement {
    const changes = metadataChanges(evidence).filter(({ path }) =>
      /^\/brokers\/topics\/[^/]+\/partitions\/\d+\/state$/.test(path),
    );
    const unclean = evidence.scenario.records?.uncleanLeaderElection === true;
    const last = new Map<string, State>();
    const wrong: Wrong[] = [];
    let moves = 0;
    for (const change of changes) {
      const state = JSON.parse(change.value) as State;
      const before = last.get(change.path);
      if (before && before.leader !== state.leader) moves++;
      wrong.push(...wrongIn(change, state, before, unclean));
      last.set(change.path, state);
    }
    const { findings, more } = report(wrong, ({ change, title, severity }) =>
      finding(evidence, {
        rule: name,
        severity,
        title,
        tell: `Transaction ${zxidText(change.zxid)} wrote ${change.value}.`,
        atNs: (change.timeMs - evidence.origin.wallMs) * 1e6,
        zxids: [change.zxid],
      }),
    );
    return {
      relevant: changes.length,
      seen: `${count(changes.length, 'state')} of ${count(last.size, 'partition')}, ${count(moves, 'change')} of leader${more}`,
      findings,
    };
  },
};

function wrongIn(change: MetadataChange, state: State, before: State | undefined, unclean: boolean): Wrong[] {
  const { leader, leader_epoch: epoch, isr } = state;
  const where = change.path.replace(/^.*topics\/([^/]+)\/partitions\/(\d+)\/state$/, '$1-$2');
  const breach = (title: string): Wrong => ({ change, title, severity: 'violation' });
  const found: Wrong[] = [];
  if (leader !== nobody && !isr.includes(leader))
    found.push(breach(`${where} is led by broker ${leader}, which is not in sync (${isr.join(', ')})`));
  if (!before) return found;
  if (epoch < before.leader_epoch)
    found.push(breach(`the leader epoch of ${where} went back from ${before.leader_epoch} to ${epoch}`));
  if (leader !== before.leader && epoch === before.leader_epoch)
    found.push(
      breach(`broker ${leader} leads ${where} in leader epoch ${epoch}, which broker ${before.leader} had`),
    );
  if (leader !== nobody && leader !== before.leader && !before.isr.includes(leader)) {
    found.push({
      change,
      title: `broker ${leader} was made leader of ${where} although only ${before.isr.join(', ')} were in sync`,
      severity: unclean ? 'gap' : 'violation',
    });
  }
  return found;
}
