import * as z from 'zod';
import type { Random } from '../../base/random.ts';
import type { OwnTree } from '../own-tree.ts';

export const params = z.strictObject({
  clients: z.int().min(1).max(500).default(9),
  turnsPerSecond: z.int().min(1).max(10_000).default(80).describe('per client'),
  registers: z.int().min(1).max(1000).default(8),
  sessionTimeoutMs: z.int().min(100).default(4000),
  deadlineMs: z.int().min(100).default(3000).describe('after which the outcome of an operation is unknown'),
  persistentWatches: z
    .boolean()
    .default(false)
    .describe('also watches that stay (addWatch), which servers before 3.6 do not know'),
});
export type Params = z.output<typeof params>;

/** A client's memory: what it may use in its next turns. */
export interface Client {
  random: Random;
  params: Params;
  /** A value nobody else ever writes: reads then tell which write they saw. */
  unique(): string;
  /** Version of each register at this client's last read or write of it. */
  versions: Map<string, number>;
  /** Ephemerals of its present session that it has not deleted. */
  ephemerals: { owner: number; paths: string[] };
}

export type Move = (client: Client, tree: OwnTree) => Promise<unknown>;

export function clientOf(index: number, random: Random, params: Params): Client {
  let count = 0;
  return {
    random,
    params,
    unique: () => `c${index}-${++count}`,
    versions: new Map(),
    ephemerals: { owner: -1, paths: [] },
  };
}

export const registerAt = (index: number) => `/registers/r${index}`;

export function anyRegister({ random, params }: Client): string {
  return registerAt(random.int(0, params.registers - 1));
}

/** They end with their session: a new one starts with none. */
export function ownEphemerals({ ephemerals }: Client, { session }: OwnTree): string[] {
  if (ephemerals.owner !== session) {
    ephemerals.owner = session;
    ephemerals.paths = [];
  }
  return ephemerals.paths;
}
