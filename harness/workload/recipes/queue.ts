import { openAcl } from '../../client/acl.ts';
import { createModes } from '../../client/requests.ts';
import { numberOf } from '../lock-tree.ts';
import type { OwnTree } from '../own-tree.ts';
import { defineRecipe, type Player } from '../recipe.ts';
import { queueTree } from '../recipe-tree.ts';

/** Of ten turns so many add an item; the others take one, so the queue stays short. */
const adds = 4;

/**
 * The queue of recipes.md: items are sequential nodes, the first is taken. Taking deletes the item and records who took it
 * in one transaction, so that a lost answer loses no item. Wrong: delete, whatever comes of it, and then record.
 */
export const queue = defineRecipe({
  name: 'queue',
  about: 'clients add items to a queue and take them, each once and in order',
  mistake: 'an item is taken whatever its delete says',
  nodes: [queueTree.items, queueTree.taken],
  rules: ['queue', 'sequence-numbers'],
  play(player) {
    let added = 0;
    return async (tree) => {
      if (player.random.int(1, 10) > adds) return take(tree, player);
      const value = `${player.name}-${++added}`;
      await tree.create(`${queueTree.items}/i-`, value, { mode: createModes.persistentSequential });
    };
  },
});

async function take(tree: OwnTree, { name, wrong }: Player): Promise<void> {
  const { children } = await tree.getChildren(queueTree.items);
  const [first] = (children ?? []).toSorted((a, b) => numberOf(a) - numberOf(b));
  if (first === undefined) return;
  const item = `${queueTree.items}/${first}`;
  const record = `${queueTree.taken}/${first}-${name}`;
  if (wrong) {
    await tree.delete(item);
    await tree.create(record, '');
    return;
  }
  await tree.multi([
    { kind: 'delete', path: item, version: -1 },
    { kind: 'create', path: record, data: '', acls: openAcl, mode: 0, ttlMs: 0, stat: false },
  ]);
}
