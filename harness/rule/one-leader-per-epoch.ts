import { epochOf, type Zxid } from '../history/op.ts';
import type { Reign } from '../ledger/ledger.ts';
import { votersOf } from '../topology/quorum.ts';
import { nodeName } from '../topology/topology.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { accountOf, acknowledgedRows } from './tree/account.ts';
import { count, finding, opWords, report, seconds, serverNames } from './words.ts';

const name = 'one-leader-per-epoch';

interface Wrong {
  title: string;
  tell: string;
  rows: number[];
  servers: number[];
  atNs: number;
}

/** At most one leader ever has a quorum in an epoch, later leaders have higher epochs, and every write belongs to a reign. */
export const oneLeaderPerEpoch: Rule = {
  name,
  about: 'no epoch has two established leaders, epochs rise, and every acknowledged write belongs to a reign',
  guarantee: {
    quote:
      '"Each time a new leader comes into power it will have its own epoch number." "Leadership activation will ensure that only one leader uses a given epoch, so our simple algorithm guarantees that every proposal will have a unique id."',
    source: 'ZooKeeper Internals (zookeeperInternals.md), "Guarantees, Properties, and Definitions"',
  },
  cannotSee: [
    'a reign that is in no log: where logs are missing, roles are sampled, and their order proves nothing',
  ],
  byDesign: [
    'a deposed leader may take itself for the leader until syncLimit is over: without a quorum that is no reign',
  ],
  needs: ['server-logs'],
  judge(evidence: Evidence): Judgement {
    const { ledger, topology } = evidence;
    if (votersOf(topology).length === 1 && topology.nodes.length === 1) {
      return { relevant: 1, seen: 'one standalone server, which elects nobody', findings: [] };
    }
    const reigns = ledger.reigns.toSorted((a, b) => a.establishedNs - b.establishedNs || a.epoch - b.epoch);
    const unread = unreadLogs(evidence);
    const wrong = [
      ...sharedEpochs(reigns),
      ...fallingEpochs(reigns),
      ...(unread.length === 0 ? ownerlessWrites(evidence, reigns) : []),
    ].sort((a, b) => a.atNs - b.atNs);
    const { findings, more } = report(wrong, (each) => finding(evidence, { rule: name, ...each }));
    const leaders = new Set(reigns.map(({ leader }) => leader));
    return {
      // Without a log there is no reign to count, and that is a missing proof rather than an empty one.
      relevant: reigns.length === 0 && unread.length > 0 ? 1 : reigns.length,
      seen: `${count(reigns.length, 'reign')} of ${count(leaders.size, 'server')}${more}`,
      findings,
      ...(unread.length > 0 && {
        inconclusive: `nothing in the log of ${serverNames(unread)} was understood, so a reign may be missing`,
      }),
    };
  },
};

/** Servers that ran and left nothing readable. */
function unreadLogs({ journal, ledger, topology, scenario: { outsiders = [] } }: Evidence): number[] {
  const started = new Set(journal.flatMap((entry) => (entry.kind === 'server-start' ? [entry.sid] : [])));
  return topology.nodes
    .map(({ sid }) => sid)
    .filter(
      (sid) => started.has(sid) && !outsiders.includes(sid) && (ledger.understood[String(sid)] ?? 0) === 0,
    );
}

const reignWords = ({ leader, epoch, establishedNs, supporters }: Reign) =>
  `${nodeName(leader)} was established in epoch ${epoch} at ${seconds(establishedNs)}` +
  (supporters.length > 0 ? ` with the support of ${serverNames(supporters)}` : '');

/** Also the same server twice: a leader that loses its quorum must win a new epoch. A reign that was only sampled may be the one logged. */
function sharedEpochs(reigns: readonly Reign[]): Wrong[] {
  return reigns.flatMap((reign, i) => {
    const other = reigns.slice(0, i).find(({ epoch }) => epoch === reign.epoch);
    if (!other || (other.leader === reign.leader && (other.sampled || reign.sampled))) return [];
    return {
      title: `epoch ${reign.epoch} has two established leaders: ${nodeName(other.leader)} and ${nodeName(reign.leader)}`,
      tell: `${reignWords(other)}; ${reignWords(reign)}. Both may commit different writes under the same zxids.`,
      rows: [],
      servers: [other.leader, reign.leader],
      atNs: reign.establishedNs,
    };
  });
}

/** Sampled reigns are dated by a look that came later, so their order proves nothing. */
function fallingEpochs(reigns: readonly Reign[]): Wrong[] {
  const logged = reigns.filter(({ sampled }) => !sampled);
  return logged.flatMap((reign, i) => {
    const before = logged[i - 1];
    if (!before || reign.epoch >= before.epoch) return [];
    return {
      title: `${nodeName(reign.leader)} was established in epoch ${reign.epoch}, after epoch ${before.epoch} of ${nodeName(before.leader)}`,
      tell: `${reignWords(before)}; later ${reignWords(reign)}. A new leader must take an epoch above all that a quorum has accepted.`,
      rows: [],
      servers: [before.leader, reign.leader],
      atNs: reign.establishedNs,
    };
  });
}

function ownerlessWrites(evidence: Evidence, reigns: readonly Reign[]): Wrong[] {
  const { history } = evidence;
  const epochs = new Set(reigns.map(({ epoch }) => epoch));
  const first = new Map<number, { row: number; writes: number }>();
  for (const row of acknowledgedRows(accountOf(evidence))) {
    const epoch = epochOf(history.zxid[row]! as Zxid);
    if (epochs.has(epoch)) continue;
    const known = first.get(epoch);
    if (known) known.writes++;
    else first.set(epoch, { row, writes: 1 });
  }
  return [...first].map(([epoch, { row, writes }]) => ({
    title: `${count(writes, 'write')} acknowledged in epoch ${epoch}, in which no leader was established`,
    tell: `The first: ${opWords(history, row)}. The logs of all servers were read, and none led epoch ${epoch}.`,
    rows: [row],
    servers: [history.server[row]!].filter((sid) => sid > 0),
    atNs: history.returnedNs[row]!,
  }));
}
