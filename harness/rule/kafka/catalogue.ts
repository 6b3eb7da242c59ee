import type { RecordsParams } from '../../workload/records/params.ts';
import type { Rule } from '../rule.ts';
import { kafkaAcknowledged } from './acknowledged.ts';
import { kafkaCommits } from './commits.ts';
import { kafkaConsumers } from './consumers.ts';
import { kafkaControllers } from './controllers.ts';
import { kafkaIdempotence } from './idempotence.ts';
import { kafkaLeaders } from './leaders.ts';
import { kafkaOnce } from './once.ts';
import { kafkaOrder } from './order.ts';
import { kafkaService } from './service.ts';
import { kafkaTransactions } from './transactions.ts';
import { kafkaWitnesses } from './witnesses.ts';

/** What brokers owe, in the order a reader meets it. They apply where a scenario sends records. */
export const kafkaRules: readonly Rule[] = [
  kafkaAcknowledged,
  kafkaOrder,
  kafkaOnce,
  kafkaIdempotence,
  kafkaTransactions,
  kafkaConsumers,
  kafkaCommits,
  kafkaWitnesses,
  kafkaLeaders,
  kafkaControllers,
  kafkaService,
];

/** Those that have something to look at: not every scenario asks for every kind of producer. */
export const kafkaRulesFor = ({ idempotent, transactional }: RecordsParams): readonly Rule[] =>
  kafkaRules.filter(
    (rule) =>
      (rule !== kafkaIdempotence || idempotent > 0) && (rule !== kafkaTransactions || transactional > 0),
  );
