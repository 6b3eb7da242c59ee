import { diskMutations } from './disk-mutations.ts';
import { dataMutations } from './mutation/data.ts';
import { electionMutations } from './mutation/elections.ts';
import { finalMutations } from './mutation/final.ts';
import type { Mutation } from './mutation/lie.ts';
import { lockMutations } from './mutation/locks.ts';
import { recipeMutations } from './mutation/recipes.ts';
import { runMutations } from './mutation/run.ts';
import { sessionMutations } from './mutation/sessions.ts';
import { treeMutations } from './mutation/tree.ts';
import { watchMutations } from './mutation/watches.ts';

export type { Mutation };

/** Every planted lie, with the rules that must name it. */
export const mutations: readonly Mutation[] = [
  ...dataMutations,
  ...treeMutations,
  ...sessionMutations,
  ...watchMutations,
  ...lockMutations,
  ...recipeMutations,
  ...finalMutations,
  ...diskMutations,
  ...runMutations,
  ...electionMutations,
];
