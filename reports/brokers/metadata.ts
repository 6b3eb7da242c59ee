import { nsOfWall, type Origin } from '../../harness/base/clock.ts';
import type { StoredTransactions } from '../../harness/datadir/stored-transactions.ts';
import { type Change, isRefusal, type Transaction } from '../../harness/datadir/transaction.ts';
import {
  brokerNode,
  type KafkaLayer,
  recordsTopic,
  transactionsTopic,
} from '../../harness/topology/brokers.ts';

/** A stretch of a scenario, ns since its origin. */
export interface Span {
  fromNs: number;
  toNs: number;
}

/** `ended`: a transaction ended it, not the end of the scenario. */
export interface Registration extends Span {
  node: number;
  ended: boolean;
}

export interface Reign extends Registration {
  epoch: number | undefined;
}

/** Nobody leads, or whom ZooKeeper no longer has among the brokers. */
export interface Leading extends Span {
  /** Broker and partition: "records-0". */
  partition: string;
  leader: number | undefined;
}

/** What ZooKeeper knew of the brokers, and when, from the transaction logs of its servers. */
export interface BrokerMetadata {
  registrations: Registration[];
  controllers: Reign[];
  leaders: Leading[];
}

const ofClients = new RegExp(
  `^/brokers/topics/(${recordsTopic}|${transactionsTopic})/partitions/(\\d+)/state$`,
);
const nobody = -1;

export function brokerMetadata(
  { rows }: StoredTransactions,
  { chroot }: Pick<KafkaLayer, 'chroot'>,
  origin: Origin,
  endNs: number,
): BrokerMetadata {
  const registrations: (Registration & { session: string })[] = [];
  const controllers: (Reign & { session: string })[] = [];
  const leaders: Leading[] = [];
  const openOf = <T extends Registration>(spans: readonly T[], is: (each: T) => boolean) =>
    spans.find((each) => !each.ended && is(each));
  const close = (each: Registration | undefined, toNs: number) =>
    each && Object.assign(each, { toNs, ended: true });

  for (const { atNs, session, change } of changesIn(
    rows.map(({ transaction }) => transaction),
    origin,
  )) {
    if (change.type === 'closeSession') {
      for (const each of [...registrations, ...controllers])
        if (!each.ended && each.session === session) close(each, atNs);
      continue;
    }
    if (!('path' in change) || !change.path.startsWith(`${chroot}/`)) continue;
    const path = change.path.slice(chroot.length);
    const id = /^\/brokers\/ids\/(\d+)$/.exec(path)?.[1];
    const span = { fromNs: atNs, toNs: endNs, ended: false, session };
    if (change.type === 'delete') {
      if (id !== undefined)
        close(
          openOf(registrations, ({ node }) => node === brokerNode(Number(id))),
          atNs,
        );
      if (path === '/controller')
        close(
          openOf(controllers, () => true),
          atNs,
        );
    } else if (id !== undefined && change.type.startsWith('create')) {
      registrations.push({ node: brokerNode(Number(id)), ...span });
    } else if ('value' in change && change.value !== null) {
      if (path === '/controller') {
        const { brokerid } = JSON.parse(change.value) as { brokerid: number };
        controllers.push({ node: brokerNode(brokerid), epoch: undefined, ...span });
      }
      // Written in the transaction of its controller, behind it.
      const last = controllers.at(-1);
      if (path === '/controller_epoch' && last) last.epoch = Number(change.value);
      const [, topic, partition] = ofClients.exec(path) ?? [];
      if (topic !== undefined)
        lead(leaders, `${topic}-${partition}`, JSON.parse(change.value) as { leader: number }, atNs, endNs);
    }
  }
  return { registrations, controllers, leaders };
}

/** A state that names the leader of before only tells of its replicas. */
function lead(
  leaders: Leading[],
  partition: string,
  state: { leader: number },
  atNs: number,
  endNs: number,
): void {
  const leader = state.leader === nobody ? undefined : brokerNode(state.leader);
  const last = leaders.findLast((each) => each.partition === partition);
  if (last && last.leader === leader) return;
  if (last) last.toNs = atNs;
  leaders.push({ partition, leader, fromNs: atNs, toNs: endNs });
}

/** Every change once, in the order of ZooKeeper; what was refused is left out. */
function* changesIn(
  transactions: readonly Transaction[],
  origin: Origin,
): Generator<{ atNs: number; session: string; change: Change }> {
  const byZxid = new Map(transactions.map((each) => [each.zxid, each]));
  for (const each of [...byZxid.values()].sort((a, b) => a.zxid - b.zxid)) {
    if (isRefusal(each)) continue;
    const parts: readonly Change[] = each.type === 'multi' ? each.parts : [each];
    for (const change of parts) yield { atNs: nsOfWall(origin, each.timeMs), session: each.session, change };
  }
}
