import { leadingOverlaps } from '../ledger/leading-overlap.ts';
import type { Reign } from '../ledger/ledger.ts';
import { votersOf } from '../topology/quorum.ts';
import { nodeName, type Topology } from '../topology/topology.ts';
import { settingsOf } from '../topology/zoo-cfg.ts';
import { leadsQuorum, stretches } from './connectivity.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { letGoMs, limitWords, marginMs } from './time-limits.ts';
import { count, finding, report, seconds } from './words.ts';

const name = 'leader-steps-down';

/** A time in which a leader ran, led, and could not hear a quorum of voters. */
interface Cornered {
  reign: Reign;
  fromNs: number;
  toNs: number;
  /** Whether it ended because the leader gave up, not because the quorum came back or its process ended. */
  gaveUp: boolean;
}

/**
 * A leader that no quorum hears gives up within its limit. Until then it may call itself LEADING beside the next leader,
 * in an older epoch, and acknowledges nothing: that is quorum-law.
 */
export const leaderStepsDown: Rule = {
  name,
  about: 'a leader that lost its quorum stops leading within syncLimit and two ticks',
  guarantee: {
    quote:
      '"syncLimit: Amount of time, in ticks, to allow followers to sync with ZooKeeper. If followers fall too far behind a leader, they will be dropped." "Not sufficient followers synced, only synced with sids" (why a leader gives up).',
    source: 'Administrator\'s Guide (zookeeperAdmin.md), "Cluster Options"; Leader.lead (3.4.6 to 3.9.5)',
  },
  cannotSee: ['a loss of the quorum that no fault of this run explains'],
  byDesign: [
    'until its limit is over a leader without a quorum calls itself LEADING, and acknowledges nothing',
  ],
  needs: ['server-logs', 'server-processes', 'one-membership'],
  judge(evidence: Evidence): Judgement {
    const { ledger, topology } = evidence;
    if (votersOf(topology).length === 1 && topology.nodes.length === 1)
      return { relevant: 1, seen: 'one standalone server, which needs nobody', findings: [] };
    const reigns = ledger.reigns.filter(({ sampled }) => !sampled);
    const cornered = reigns.flatMap((reign) => corneredIn(evidence, reign));
    const limitNs = (letGoMs(topology) + marginMs) * 1e6;
    const late = cornered.filter(({ fromNs, toNs }) => toNs - fromNs > limitNs);
    const { findings, more } = report(late, ({ reign, fromNs, toNs }) =>
      finding(evidence, {
        rule: name,
        severity: 'budget',
        title: `${nodeName(reign.leader)} led epoch ${reign.epoch} for ${seconds(toNs - fromNs)} without a quorum`,
        tell: `From ${seconds(fromNs)} no quorum of voters could hear it, and until ${seconds(toNs)} it went on as a leader. The servers' limit is ${limitWords(topology)}.`,
        servers: [reign.leader],
        atNs: fromNs,
      }),
    );
    return {
      relevant: Math.max(reigns.length, ledger.reigns.length),
      seen: `${count(reigns.length, 'reign')}; ${corneredWords(cornered.filter(longerThanATick(topology)))}; ${overlapWords(evidence)}${more}`,
      findings,
    };
  },
};

/** Shorter than that no leader can notice; the end of a run, server after server, is full of such times. */
function longerThanATick(topology: Topology) {
  const tickNs = Number(settingsOf(topology, topology.nodes[0]!.version).tickTime) * 1e6;
  return ({ fromNs, toNs }: Cornered) => toNs - fromNs > tickNs;
}

/** Stretches that follow each other are one; a reign known to its end only counts while it lasted. */
function corneredIn(evidence: Evidence, reign: Reign): Cornered[] {
  const { topology, journal } = evidence;
  const { leader, establishedNs } = reign;
  const overNs = reign.endedNs ?? journal.at(-1)?.atNs ?? establishedNs;
  const found: Cornered[] = [];
  for (const stretch of stretches(evidence)) {
    const fromNs = Math.max(stretch.fromNs, establishedNs);
    const toNs = Math.min(stretch.toNs, overNs);
    if (toNs <= fromNs || !stretch.up.has(leader) || leadsQuorum(topology, stretch, leader)) continue;
    const last = found.at(-1);
    const gaveUp = toNs === reign.endedNs && toNs < stretch.toNs;
    if (last?.toNs === fromNs) Object.assign(last, { toNs, gaveUp });
    else found.push({ reign, fromNs, toNs, gaveUp });
  }
  return found;
}

function corneredWords(cornered: readonly Cornered[]): string {
  const gaveUp = cornered.filter((each) => each.gaveUp);
  if (cornered.length === 0) return 'no running leader was without a quorum for longer than a tick';
  const times = gaveUp.map(({ fromNs, toNs }) => seconds(toNs - fromNs));
  const after = gaveUp.length > 0 ? `, ${gaveUp.length} gave up after ${times.join(', ')}` : '';
  return `${count(cornered.length, 'time')} a running leader had no quorum for longer than a tick${after}`;
}

function overlapWords({ ledger }: Evidence): string {
  const overlaps = leadingOverlaps(ledger);
  if (overlaps.length === 0) return 'never two servers LEADING at once';
  const longest = Math.max(...overlaps.map(({ fromNs, toNs }) => toNs - fromNs));
  return `${count(overlaps.length, 'time')} two servers LEADING at once, for ${seconds(longest)} at most`;
}
