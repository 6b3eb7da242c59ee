import { usage } from '../../harness/base/trouble.ts';
import { type Claim, claimTag } from '../../harness/scenario/claim.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';

/**
 * What operators are taught about ZooKeeper, in the order of the table. A law names the class of the server that
 * decides it, so that a reader can look it up in the release at hand.
 */
export const claims: readonly Claim[] = [
  {
    id: 'C01',
    title: 'three servers',
    claim: 'Three servers make one leader and two followers.',
    law: 'Exactly one voter leads an established epoch, all other voters that serve follow it; which ports the server list names makes no difference.',
  },
  {
    id: 'C02',
    title: 'five servers',
    claim: 'Five servers make one leader and four followers.',
    law: 'As with three: the number of voters changes the size of a quorum and nothing else.',
  },
  {
    id: 'C03',
    title: 'an even number buys nothing',
    claim: 'An even number of servers tolerates no more failures than one server less.',
    law: 'A quorum is more than half of the voters (QuorumMaj): of 4 it is 3, so one may fail, as of 3; in a split of 2 and 2 neither side has a leader.',
  },
  {
    id: 'C04',
    title: 'observers do not vote',
    claim: 'Observers scale reads without slowing down writes, since they take no part in votes.',
    law: 'An observer counts neither for an election nor for a commit (INFORM, not ACK), is never elected whatever its zxid and id, and forwards writes to the leader.',
  },
  {
    id: 'C05',
    title: '2n+1 servers survive n failures',
    claim: 'An ensemble of 2n+1 servers survives the failure of n of them.',
    law: 'It serves while a majority of the voters reach one another, whether the others are dead or cut off; without one no write is acknowledged, and what was acknowledged is there once a majority is back.',
  },
  {
    id: 'C06',
    title: 'five servers started one by one',
    claim:
      'Of five fresh servers started in the order of their ids the third leads, and the later two follow it.',
    law: 'A server leads once a quorum votes for it (FastLeaderElection): servers 1 and 2 keep looking, with the third there is a quorum whose best vote is 3; later servers join the leader that they are told of.',
  },
  {
    id: 'C07',
    title: 'started together, the highest id leads',
    claim: 'When all fresh servers start at once, the one with the highest id becomes leader.',
    law: 'The best vote (epoch, zxid, id) among those that took part wins; a server whose vote arrives after a quorum has agreed and waited 200 ms (finalizeWait) is too late, whatever its id.',
  },
  {
    id: 'C08',
    title: 'higher zxid beats higher id',
    claim: 'Whoever has seen the later transaction is preferred; only among equals does the id decide.',
    law: 'FastLeaderElection.totalOrderPredicate compares epoch, then zxid, then id, and only the servers that vote are compared.',
  },
  {
    id: 'C09',
    title: 'higher epoch beats higher zxid',
    claim: 'The server with the higher epoch is elected even when another one has logged more.',
    law: 'The epoch compared is currentEpoch on disk, before any zxid; the loser truncates what the leader does not have, and that was never acknowledged.',
  },
  {
    id: 'C10',
    title: 'joining an established leader',
    claim: 'A server that starts while there is a leader is told who it is, connects to it and synchronizes.',
    law: 'Servers that already lead or follow answer its vote with theirs, and a quorum of such answers decides; leader and epoch stay; it catches up by DIFF, TRUNC or SNAP (LearnerHandler.syncFollower).',
  },
  {
    id: 'C11',
    title: 'votes of an older round do not count',
    claim: 'Votes of earlier rounds are ignored, and a server that is behind joins the newer round.',
    law: 'While looking, a notification with a lower electionEpoch (logical clock) is dropped; one with a higher makes the server take over the clock, forget the votes it received, and vote anew.',
  },
  {
    id: 'C12',
    title: 'no split brain',
    claim: 'A leader that loses its quorum steps down, and two leaders never exist.',
    law: 'Two servers may call themselves LEADING for up to about tickTime × syncLimit and a tick, but never in one epoch with a quorum each: the older can commit nothing more once a quorum has accepted the newer epoch.',
  },
  {
    id: 'C13',
    title: 'reads are local and may be stale',
    claim:
      'Any server answers reads, writes go through the leader, and a read may be behind unless sync precedes it.',
    law: 'A read shows the state of its server, never older than what its session has seen; sync waits for what the leader had proposed, but a deposed leader that has not noticed yet may answer it too (ZOOKEEPER-1675).',
  },
  {
    id: 'C14',
    title: 'every server holds the same data',
    claim: 'All servers hold the same data.',
    law: 'Once no fault is in force and writes have stopped, data, versions and zxids of every node are equal on all servers, and no two transaction logs disagree about a zxid.',
  },
  {
    id: 'C15',
    title: 'updates apply in the order sent',
    claim: "One client's updates are applied in the order in which it sent them.",
    law: 'That holds within one session for requests on one connection after the other; after a lost connection a request without an answer may or may not have been applied, and a later one never before it.',
  },
  {
    id: 'C16',
    title: 'all or nothing',
    claim: 'An update succeeds or fails as a whole.',
    law: 'A request, multi included, is one transaction with one zxid, applied in whole or not at all; a client that gets no answer does not know which.',
  },
  {
    id: 'C17',
    title: 'data is current within a bound',
    claim: 'Within a certain time a client sees the latest data.',
    law: 'A follower or observer that hears nothing from its leader for tickTime × syncLimit closes its sessions, so reads are stale by that and a tick at most; a process that was frozen may answer late.',
  },
  {
    id: 'C18',
    title: 'what was acknowledged survives',
    claim: 'Once an update has been acknowledged it is not lost.',
    law: 'It was in the logs of a quorum, synced to disk, before the answer (unless forceSync is off), so it survives whatever leaves the disks of a majority whole, loss of power included.',
  },
  {
    id: 'C19',
    title: 'kinds of nodes',
    claim:
      'Nodes are persistent or ephemeral, plain or sequential; ephemeral ones vanish with their session and have no children.',
    law: "The suffix has ten digits, comes from the parent's cversion and rises with the zxid; an ephemeral node goes with the transaction that closes its session, on every server; container and TTL nodes go some time after they are empty; a TTL node that was once left alone for its TTL may go even after it is written to again.",
  },
  {
    id: 'C20',
    title: 'watches tell of every change',
    claim: 'A client with a watch on a node is told when it changes.',
    law: 'A plain watch tells once, and the event comes before any answer that shows the change; changes between the event and the next watch are not told one by one; a persistent watch (3.6) tells of each while connected.',
  },
  {
    id: 'C21',
    title: '1 MB per node',
    claim: 'A node holds at most 1 MB.',
    law: 'The property jute.maxbuffer (0xfffff bytes unless set) limits a whole packet, not the data of a node; a server closes the connection that sends a longer one, and the ensemble goes on.',
  },
  {
    id: 'C22',
    title: 'recipes',
    claim: 'Locks, leader election, configuration, membership, naming and load balancing can be built on it.',
    law: 'Each recipe keeps its invariant in the order of zxids; a lock holder that does not know yet that its session has expired may still act, which only a fencing token stops.',
  },
  {
    id: 'C23',
    title: '2181, 2888 and 3888',
    claim: 'Clients use port 2181, followers reach their leader on 2888, and elections run on 3888.',
    law: 'Each port carries one function alone: without 2888 a follower loses its leader though 3888 is open, without 3888 a running ensemble goes on but nobody can join, without 2181 the quorum stands and clients are gone.',
  },
  {
    id: 'C24',
    title: 'myid',
    claim: 'Every server needs a file myid in dataDir with its own number and nothing else.',
    law: 'Its first line must be a number without a blank (QuorumPeerConfig), or the server exits; later lines are not read, and nobody checks at the start that the number is unique.',
  },
  {
    id: 'C25',
    title: 'initLimit and syncLimit',
    claim: 'A follower has initLimit ticks to synchronize, and may later lag by syncLimit ticks.',
    law: 'They bound silence, not lag: each step of joining may take tickTime × initLimit; later a learner is dropped after tickTime × syncLimit without a packet or an overdue acknowledgement, which the leader checks every half tick.',
  },
  {
    id: 'C26',
    title: 'dataLogDir',
    claim:
      'The setting dataLogDir puts the transaction log on a device of its own, apart from the snapshots.',
    law: 'Logs lie in dataLogDir/version-2, snapshots and epochs in dataDir/version-2; later releases refuse to start when a directory holds the other kind, earlier ones start with less data, and 3.4.11 swaps the two itself (ZOOKEEPER-2960).',
  },
  {
    id: 'C27',
    title: 'several servers on one address',
    claim: 'Several servers run on one machine when their ports differ.',
    law: 'All three ports of each must differ; the second server with a taken port fails to bind and says so.',
  },
  {
    id: 'C28',
    title: 'status tells the mode',
    claim: 'The status command tells whether a server leads or follows.',
    law: 'It prints the Mode line of srvr, as stat, mntr and the AdminServer tell it; while a server has no quorum it answers that it is not serving requests, and ruok says imok all the same.',
  },
  {
    id: 'C29',
    title: 'Kafka on ZooKeeper',
    claim: 'Three brokers on three servers survive the loss of any one node of either layer.',
    law: 'With acks=all, min.insync.replicas=2 and no unclean leader election every acknowledged record is kept at its offset; a controller is elected by creating /controller together with the next /controller_epoch (KafkaZkClient), and a registration lives as long as its session.',
  },
  {
    id: 'C31',
    title: 'all releases in use',
    claim: 'The rules are the same from 3.4 to 3.9.',
    law: 'Every claim holds in each release tried, or the table shows in which it does not.',
  },
  {
    id: 'C32',
    title: 'configuration files',
    claim: 'A configuration as guides print it works.',
    law: 'Many printed examples hold mistakes that a server takes without a word or understands differently; each has a name before anything starts.',
  },
  {
    id: 'C33',
    title: 'an election ends',
    claim: 'After the loss of a leader a new one is elected within a short time.',
    law: 'Detection costs nothing when its connections close and tickTime × syncLimit when they fall silent; then come at least 200 ms of finalizeWait, and synchronization.',
  },
];

/** A claim with the scenarios that put it to the test. */
export interface TestedClaim extends Claim {
  scenarios: Scenario[];
}

/** The claims that these scenarios put to the test, in the order of the table. A usage `Trouble` for a tag that names none. */
export function claimsOf(scenarios: readonly Scenario[]): TestedClaim[] {
  return testedBy(scenarios).filter((claim) => claim.scenarios.length > 0);
}

/** All claims, those without a scenario included. */
export function testedBy(scenarios: readonly Scenario[]): TestedClaim[] {
  const known = new Set(claims.map(({ id }) => id));
  for (const { name, tags } of scenarios) {
    const unknown = tags.find((tag) => claimTag.test(tag) && !known.has(tag));
    if (unknown === undefined) continue;
    throw usage(
      `scenario "${name}": tag "${unknown}"`,
      'there is no such claim',
      'see `gauntlet list claims`; other marks must not look like C01',
    );
  }
  return claims.map((claim) => ({
    ...claim,
    scenarios: scenarios.filter(({ tags }) => tags.includes(claim.id)),
  }));
}
