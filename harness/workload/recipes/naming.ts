import { createModes } from '../../client/requests.ts';
import { numberOf } from '../lock-tree.ts';
import type { OwnTree } from '../own-tree.ts';
import { defineRecipe, type Player } from '../recipe.ts';
import { namingTree } from '../recipe-tree.ts';

/**
 * Unique names: a sequential node gives a number that nobody else gets. Who got one uses it a turn later. Wrong: a
 * counter that is read and written without asking for its version.
 */
export const naming = defineRecipe({
  name: 'naming',
  about: 'clients draw unique numbers from sequential nodes and use each once',
  mistake: 'names come from a counter that is read and written without its version',
  nodes: Object.values(namingTree),
  rules: ['naming', 'sequence-numbers'],
  play(player) {
    let number: number | undefined;
    return async (tree) => {
      if (number === undefined) {
        number = await drawn(tree, player);
        return;
      }
      if (player.wrong) await tree.setData(namingTree.counter, `${number}`);
      const use = `${namingTree.used}/${number}-${player.name}`;
      await tree.create(use, '');
      await tree.exists(use);
      number = undefined;
    };
  },
});

async function drawn(tree: OwnTree, { wrong }: Player): Promise<number | undefined> {
  if (wrong) {
    const { value } = await tree.getData(namingTree.counter);
    return value === null ? undefined : Number(value) + 1;
  }
  const mode = createModes.persistentSequential;
  const { name } = await tree.create(`${namingTree.given}/n-`, '', { mode });
  return name === null ? undefined : numberOf(name);
}
