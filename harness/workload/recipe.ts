import * as z from 'zod';
import type { Random } from '../base/random.ts';
import { makeNodes } from './make-nodes.ts';
import { withParents } from './recipe-tree.ts';
import { defineWorkload, type Since, type Turn, type Workload } from './workload.ts';

const pace = z.strictObject({
  clients: z.int().min(2).max(50).default(5),
  turnsPerSecond: z.int().min(1).max(1000).default(30).describe('per client'),
  sessionTimeoutMs: z.int().min(100).default(1500),
  deadlineMs: z.int().min(100).default(1000).describe('after which the outcome of an operation is unknown'),
});
type Params = z.output<typeof pace> & { wrong: boolean };

/** One client of a recipe. */
export interface Player {
  index: number;
  /** "c3": what its nodes begin with. */
  name: string;
  random: Random;
  /** How many play. */
  players: number;
  /** Whether it plays the mistake. */
  wrong: boolean;
}

/** A recipe as a workload: its clients do one step a turn, and a rule judges its law in zxid order. */
export function defineRecipe(recipe: {
  name: string;
  about: string;
  /** The classic mistake, as the meaning of the parameter `wrong`; a recipe without one cannot be played wrong. */
  mistake?: string;
  /** What is there before the clients begin; parents need not be named. */
  nodes: readonly string[];
  rules: readonly string[];
  since?: Since;
  play(player: Player): Turn;
}): Workload {
  const { name, about, mistake, nodes, rules, since, play } = recipe;
  return defineWorkload<Params>({
    name,
    about,
    params: pace.extend({
      wrong: mistake
        ? z.boolean().default(false).describe(`shows that the rule turns red: ${mistake}`)
        : z.literal(false).default(false),
    }),
    rules,
    ...(since && { since }),
    clients: ({ clients, wrong: _, ...rest }) => ({ count: clients, ...rest }),
    setUp: (tree) => makeNodes(tree, withParents(nodes), '0'),
    client: (index, random, { clients, wrong }) =>
      play({ index, name: `c${index}`, random, players: clients, wrong }),
  });
}
