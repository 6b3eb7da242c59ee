import type { Rule } from '../rule.ts';
import { kafkaAcknowledged } from './acknowledged.ts';
import { kafkaCommits } from './commits.ts';
import { kafkaConsumers } from './consumers.ts';
import { kafkaControllers } from './controllers.ts';
import { kafkaLeaders } from './leaders.ts';
import { kafkaOnce } from './once.ts';
import { kafkaOrder } from './order.ts';
import { kafkaService } from './service.ts';
import { kafkaWitnesses } from './witnesses.ts';

/** What brokers owe, in the order a reader meets it. They apply where a scenario sends records. */
export const kafkaRules: readonly Rule[] = [
  kafkaAcknowledged,
  kafkaOrder,
  kafkaOnce,
  kafkaConsumers,
  kafkaCommits,
  kafkaWitnesses,
  kafkaLeaders,
  kafkaControllers,
  kafkaService,
];
