import { findNamed } from '../base/find-named.ts';
import { acknowledgedInLog } from './acknowledged-in-log.ts';
import { balance } from './balance.ts';
import { barrier } from './barrier.ts';
import { budgets } from './budgets.ts';
import { clientAnswers } from './client-answers.ts';
import { clientOrder } from './client-order.ts';
import { clientSessions } from './client-sessions.ts';
import { config } from './config.ts';
import { durability } from './durability.ts';
import { ephemerals } from './ephemerals.ts';
import { epochsOnDisk } from './epochs-on-disk.ts';
import { expectations } from './expectations.ts';
import { faultsLanded } from './faults-landed.ts';
import { kafkaRules } from './kafka/catalogue.ts';
import { latch } from './latch.ts';
import { lawfulWinner } from './lawful-winner.ts';
import { leaderStepsDown } from './leader-steps-down.ts';
import { linearizableWrites } from './linearizable-writes.ts';
import { locks } from './locks.ts';
import { logsAgree } from './logs-agree.ts';
import { members } from './members.ts';
import { mortalNodes } from './mortal-nodes.ts';
import { naming } from './naming.ts';
import { oneLeaderPerEpoch } from './one-leader-per-epoch.ts';
import { packetLimit } from './packet-limit.ts';
import { progress } from './progress.ts';
import { queue } from './queue.ts';
import { quorumLaw } from './quorum-law.ts';
import { replicasIdentical } from './replicas-identical.ts';
import type { Rule } from './rule.ts';
import { sequenceNumbers } from './sequence-numbers.ts';
import { serviceEnds } from './service-ends.ts';
import { sessionOrder } from './session-order.ts';
import { sessions } from './sessions.ts';
import { staleness } from './staleness.ts';
import { syncReads } from './sync-reads.ts';
import { watches } from './watches.ts';

/** Every rule there is, in the order a reader meets them. */
export const rules: readonly Rule[] = [
  linearizableWrites,
  sessionOrder,
  syncReads,
  staleness,
  durability,
  replicasIdentical,
  sessions,
  ephemerals,
  sequenceNumbers,
  watches,
  locks,
  latch,
  barrier,
  queue,
  config,
  members,
  naming,
  balance,
  mortalNodes,
  packetLimit,
  acknowledgedInLog,
  logsAgree,
  epochsOnDisk,
  oneLeaderPerEpoch,
  lawfulWinner,
  quorumLaw,
  leaderStepsDown,
  serviceEnds,
  expectations,
  faultsLanded,
  progress,
  budgets,
  clientAnswers,
  clientOrder,
  clientSessions,
  ...kafkaRules,
];

export const ruleNamed = (name: string, field = 'rules'): Rule =>
  findNamed(rules, name, { field, kind: 'rule' });
