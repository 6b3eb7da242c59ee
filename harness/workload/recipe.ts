import * as z from 'zod';
import type { Random } from '../base/random.ts';
import { makeNodes } from './make-nodes.ts';
import { withParents } from './recipe-tree.ts';
import { defineWorkload, type Turn, type Workload } from './workload.ts';

const params = z.strictObject({
  clients: z.int().min(2).max(50).default(5),
  turnsPerSecond: z.int().min(1).max(1000).default(30).describe('per client'),
  sessionTimeoutMs: z.int().min(100).default(1500),
  deadlineMs: z.int().min(100).default(1000).describe('after which the outcome of an operation is unknown'),
  wrong: z
    .boolean()
    .default(false)
    .describe('play it with its classic mistake: shows that its rule turns red'),
});

/** One client of a recipe. */
export interface Player {
  index: number;
  /** "c3": what its nodes begin with. */
  name: string;
  random: Random;
  /** How many play. */
  players: number;
  wrong: boolean;
}

/** A recipe as a workload: its clients do one step a turn, and a rule of the same name judges its law in zxid order. */
export function defineRecipe(recipe: {
  name: string;
  about: string;
  /** What is there before the clients begin; parents need not be named. */
  nodes: readonly string[];
  /** Rules it gives something to look at beside its own. */
  rules?: readonly string[];
  play(player: Player): Turn;
}): Workload {
  const { name, about, nodes, rules = [], play } = recipe;
  return defineWorkload<z.output<typeof params>>({
    name,
    about,
    params,
    rules: [name, ...rules],
    clients: ({ clients, ...pace }) => ({ count: clients, ...pace }),
    setUp: (tree) => makeNodes(tree, withParents(nodes), '0'),
    client: (index, random, { clients, wrong }) =>
      play({ index, name: `c${index}`, random, players: clients, wrong }),
  });
}
