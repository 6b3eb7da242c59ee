import { openAcl } from '../../client/acl.ts';
import { type CreateRequest, createModes } from '../../client/requests.ts';
import type { OwnTree } from '../own-tree.ts';
import { defineRecipe, type Player } from '../recipe.ts';
import { balanceTree } from '../recipe-tree.ts';

/**
 * Soft load balancing: workers are ephemerals, a task is a node that names one of them, and it is created in one
 * transaction with a check that the worker is there. Wrong: without the check, from a list that is some turns old.
 */
export const balance = defineRecipe({
  name: 'balance',
  about: 'clients come and go as workers, and give tasks to the workers they know of',
  mistake: 'tasks are given without a check that the worker is there',
  nodes: Object.values(balanceTree),
  rules: ['balance', 'ephemerals', 'sequence-numbers'],
  play(player) {
    let worker: { session: number; path: string } | undefined;
    let known: readonly string[] = [];
    let workers = 0;
    return async (tree) => {
      if (worker?.session !== tree.session) {
        const path = `${balanceTree.workers}/${player.name}-${++workers}`;
        const { outcome } = await tree.create(path, '', { mode: createModes.ephemeral });
        if (outcome === 'ok') worker = { session: tree.session, path };
        return;
      }
      const draw = player.random.int(1, 12);
      if (draw === 1) {
        await tree.delete(worker.path);
        worker = undefined;
      } else if (draw <= 6) {
        known = (await tree.getChildren(balanceTree.workers)).children ?? known;
      } else if (known.length > 0) await assign(tree, player.random.pick(known), player);
    };
  },
});

async function assign(tree: OwnTree, worker: string, { wrong }: Player): Promise<void> {
  const mode = createModes.persistentSequential;
  const path = `${balanceTree.tasks}/t-`;
  if (wrong) {
    await tree.create(path, worker, { mode });
    return;
  }
  const task: CreateRequest = {
    kind: 'create',
    path,
    data: worker,
    acls: openAcl,
    mode,
    ttlMs: 0,
    stat: false,
  };
  const present = { kind: 'check', path: `${balanceTree.workers}/${worker}`, version: -1 } as const;
  await tree.multi([present, task]);
}
