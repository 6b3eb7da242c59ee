import { nodeName } from '../../harness/topology/topology.ts';
import type { BrokerReport } from '../brokers/broker-report.ts';
import { duration, plural } from '../format.ts';
import type { ScenarioReport } from '../report.ts';
import { type Html, html, type Part } from './html.ts';
import { bar, lane } from './lane.ts';
import { notRecorded, relative } from './parts.ts';

/** Below the servers: which brokers ZooKeeper knows, who controls them, and what clients met with each partition. */
export function brokerLanes({ brokers }: ScenarioReport): Part {
  if (!brokers) return undefined;
  return html`${brokers.nodes.map((node) => registrationLane(brokers, node))}${controllerLane(brokers)}${brokers.partitions.map(({ partition }) => partitionLane(brokers, partition))}${recordsLane(brokers)}`;
}

const empty = html`<li class="empty muted">${notRecorded}</li>`;

function registrationLane({ metadata }: BrokerReport, node: number): Html {
  const bars = metadata.registrations
    .filter((each) => each.node === node)
    .map(({ fromNs, toNs, ended }) =>
      bar(
        relative(fromNs),
        relative(toNs),
        'SERVING',
        'registered',
        ended ? ', until its session ended' : '',
      ),
    );
  const label = `${nodeName(node)}, registered in ZooKeeper`;
  return lane(nodeName(node), label, bars.length > 0 ? bars : empty);
}

function controllerLane({ metadata }: BrokerReport): Html {
  const bars = metadata.controllers.map(({ node, epoch, fromNs, toNs }) =>
    bar(relative(fromNs), relative(toNs), 'reign', `epoch ${epoch ?? '?'}: ${nodeName(node)}`),
  );
  return lane('controller', 'Controllers by epoch', bars.length > 0 ? bars : empty);
}

/** Times without an acknowledgement lie over the leader ZooKeeper names. */
function partitionLane({ metadata, partitions }: BrokerReport, partition: string): Html {
  const led = metadata.leaders
    .filter((each) => each.partition === partition)
    .map(({ leader, fromNs, toNs }) =>
      leader === undefined
        ? bar(relative(fromNs), relative(toNs), 'DOWN', 'no leader')
        : bar(relative(fromNs), relative(toNs), 'led', nodeName(leader), ' leads'),
    );
  const quiet = partitions
    .find((each) => each.partition === partition)!
    .quiet.map(({ fromNs, toNs }) =>
      bar(relative(fromNs), relative(toNs), 'outage', `${duration((toNs - fromNs) / 1e6)} without a record`),
    );
  return lane(partition, `${partition}: its leader, and times without an acknowledged record`, [
    ...led,
    ...quiet,
  ]);
}

/** What became of records after each fault. */
function recordsLane({ consequences }: BrokerReport): Html {
  const bars = consequences.flatMap(({ late, refused, unknown, lost }) => {
    const hit = [...late, ...refused, ...unknown];
    const words = [
      late.length > 0 && `${late.length} late`,
      refused.length > 0 && `${refused.length} refused`,
      unknown.length > 0 && `${unknown.length} unanswered`,
    ].filter((each) => each !== false);
    return [
      ...(hit.length > 0 ? [over(hit, 'fault', words.join(', '))] : []),
      ...(lost.length > 0 ? [over(lost, 'gone', `${plural(lost.length, 'acknowledged record')} lost`)] : []),
    ];
  });
  return lane(
    'records',
    'Records late, refused, unanswered or lost',
    bars.length > 0 ? bars : html`<li class="empty muted">all acknowledged in time</li>`,
  );
}

function over(sent: readonly { invokedNs: number; returnedNs: number }[], kind: string, words: string): Html {
  const from = Math.min(...sent.map(({ invokedNs }) => invokedNs));
  const to = Math.max(...sent.map(({ returnedNs }) => returnedNs));
  return bar(relative(from), relative(to), kind, words);
}
