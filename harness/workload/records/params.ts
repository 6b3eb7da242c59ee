import * as z from 'zod';

/**
 * Unique records to the partitions of one topic, and a group that reads them. The defaults are those under which Kafka
 * promises that no acknowledged record is lost.
 */
export const recordsSchema = z.strictObject({
  partitions: z.int().min(1).max(24).default(3),
  producers: z.int().min(1).max(16).default(3),
  /** Of each producer; one at a time, so no more than the brokers answer. */
  recordsPerSecond: z.number().min(0.1).max(1000).default(20),
  acks: z.enum(['all', 'leader']).default('all').describe('who must have a record before it is acknowledged'),
  consumers: z.int().min(0).max(8).default(2),
  idempotent: z.int().min(0).max(4).default(0).describe("Kafka's own producers that retry by themselves"),
  transactional: z
    .int()
    .min(0)
    .max(4)
    .default(0)
    .describe('producers of transactions of four records, of which every fourth is aborted'),
  replicationFactor: z.int().min(1).max(5).optional().describe('three, or all brokers where there are fewer'),
  minInsyncReplicas: z.int().min(1).max(5).optional().describe('two, or one where there are fewer replicas'),
  uncleanLeaderElection: z
    .boolean()
    .default(false)
    .describe('whether a replica that lacks acknowledged records may lead'),
});
export type RecordsParams = z.infer<typeof recordsSchema>;
