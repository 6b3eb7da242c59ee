import { randomFrom } from '../base/random.ts';
import type { BrokerView } from '../ensemble/registry.ts';
import type { ByRelease, Target } from '../plan/plan.ts';
import { nodeOf, recordsTopic } from '../topology/brokers.ts';
import { isQuorum, votersOf } from '../topology/quorum.ts';
import type { Role } from '../topology/roles.ts';
import { allNodesOf, type NodeSpec, type Topology } from '../topology/topology.ts';

/** What is known of the ensemble at the instant of injection. */
export interface View {
  topology: Topology;
  roles: ReadonlyMap<number, Role>;
  /** What ZooKeeper knows of the brokers, where there are any and somebody answers. */
  brokers?: BrokerView | undefined;
  /** What each server was last started with, where that is not as in the topology. */
  releases?: ReadonlyMap<number, string>;
}

/** No server fits the target right now: "leader" while an election runs, "observer" in an ensemble without one. */
class NoSuchTarget extends Error {
  override readonly name = 'NoSuchTarget';
}

/** The sids a target stands for. `draw` decides wherever a role leaves a choice; the same draw picks the same place. */
export function resolveTarget(target: Target, view: View, draw: number): number[] {
  if (Array.isArray(target)) return known(target.map(nodeOf), view);
  if (typeof target === 'object') return [onRelease(target, view, draw)];
  const sids = view.topology.nodes.map(({ sid }) => sid);
  const voters = votersOf(view.topology).map(({ sid }) => sid);
  const inRole = (role: Role) => sids.filter((sid) => view.roles.get(sid) === role);
  const random = randomFrom(draw);
  const one = (from: number[]) => [random.pick(some(from, target))];
  const leader = () => one(inRole('leader'))[0]!;

  switch (target) {
    case 'leader':
      return [leader()];
    case 'follower':
      return one(inRole('follower'));
    case 'followers':
      return some(inRole('follower'), target);
    case 'observer':
      return one(inRole('observer'));
    case 'observers':
      return some(inRole('observer'), target);
    case 'highest-sid':
      return [Math.max(...voters)];
    case 'lowest-sid':
      return [Math.min(...voters)];
    case 'any':
      return one(voters);
    case 'all':
      return sids;
    case 'controller':
      return some([...(view.brokers?.controller === undefined ? [] : [view.brokers.controller])], target);
    case 'broker':
      return one(view.brokers?.registered ?? []);
    case 'brokers':
      return some(view.topology.kafka?.nodes ?? [], target);
    case 'partition-leader':
      return some(
        recordsPartition(view)?.leader === undefined ? [] : [recordsPartition(view)!.leader!],
        target,
      );
    case 'in-sync-follower':
      return one(inSyncFollowers(view));
    case 'in-sync-followers':
      return some(inSyncFollowers(view), target);
    case 'minority':
    case 'majority': {
      const lead = leader();
      const others = random.shuffle(voters.filter((sid) => sid !== lead));
      return sorted(sized(view.topology, [...others, lead], target));
    }
    case 'minority-with-leader':
    case 'majority-with-leader': {
      const lead = leader();
      const others = random.shuffle(voters.filter((sid) => sid !== lead));
      return sorted(
        sized(view.topology, [lead, ...others], target.startsWith('minority') ? 'minority' : 'majority'),
      );
    }
  }
}

function onRelease({ on, role }: ByRelease, { topology, roles, releases }: View, draw: number): number {
  const runs = ({ sid, version }: NodeSpec) => releases?.get(sid) ?? version;
  const fitting = votersOf(topology).filter((node) => runs(node) === on);
  const sids = fitting.map(({ sid }) => sid).filter((sid) => role === undefined || roles.get(sid) === role);
  return randomFrom(draw).pick(some(sids, `${role ?? 'a voter'} on ${on}`));
}

/** The longest prefix whose loss leaves a quorum, or the shortest whose loss leaves none. */
function sized(topology: Topology, order: readonly number[], size: 'minority' | 'majority'): number[] {
  const voters = votersOf(topology).map(({ sid }) => sid);
  for (let lost = 1; lost <= order.length; lost++) {
    const left = new Set(voters.filter((sid) => !order.slice(0, lost).includes(sid)));
    if (!isQuorum(topology, left)) return order.slice(0, size === 'minority' ? lost - 1 : lost);
  }
  throw new Error('an ensemble without voters is a quorum');
}

function known(sids: readonly number[], { topology }: View): number[] {
  for (const sid of sids) {
    if (!allNodesOf(topology).includes(sid)) throw new NoSuchTarget(`there is no server ${sid}`);
  }
  return [...sids];
}

function some(sids: number[], target: string): number[] {
  if (sids.length === 0) throw new NoSuchTarget(`no server is "${target}" right now`);
  return sids;
}

/** The first partition of the topic that the clients write to. */
const recordsPartition = ({ brokers }: View) =>
  brokers?.partitions.find(({ topic, partition }) => topic === recordsTopic && partition === 0);

function inSyncFollowers(view: View): number[] {
  const { leader, isr = [] } = recordsPartition(view) ?? {};
  return isr.filter((node) => node !== leader);
}

const sorted = (sids: number[]) => [...sids].sort((a, b) => a - b);
