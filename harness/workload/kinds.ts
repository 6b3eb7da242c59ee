import { createModes } from '../client/requests.ts';
import type { OwnTree } from './own-tree.ts';
import { defineRecipe, type Player } from './recipe.ts';

/** Nodes of a client that it may still delete: ephemerals belong to one session, sequential ones stay. */
interface Own {
  session: number;
  ephemerals: string[];
  numbered: string[];
  count: number;
}

type Move = (tree: OwnTree, own: Own, player: Player) => Promise<unknown>;

/** What a client does, and how often in ten turns. */
const moves: readonly { share: number; move: Move }[] = [
  {
    share: 2,
    async move(tree, own, { name }) {
      const path = `/kinds/ephemerals/${name}-${++own.count}`;
      const { outcome } = await tree.create(path, '', { mode: createModes.ephemeral });
      if (outcome === 'ok') own.ephemerals.push(path);
    },
  },
  {
    // Must be refused: ephemerals have no children.
    share: 2,
    move: (tree, { ephemerals }, { random }) =>
      ephemerals.length > 0
        ? tree.create(`${random.pick(ephemerals)}/child`, '')
        : tree.getChildren('/kinds/ephemerals'),
  },
  {
    share: 2,
    async move(tree, { numbered }, { random }) {
      const mode = random.pick([createModes.persistentSequential, createModes.ephemeralSequential]);
      const { name } = await tree.create('/kinds/sequence/n-', '', { mode });
      if (name !== null && mode === createModes.persistentSequential) numbered.push(name);
    },
  },
  {
    // The parent keeps the number, whatever goes.
    share: 2,
    move: (tree, { numbered }) => {
      const path = numbered.pop();
      return path === undefined ? tree.getChildren('/kinds/sequence') : tree.delete(path);
    },
  },
  {
    share: 1,
    move: (tree, { ephemerals }) => {
      const path = ephemerals.shift();
      return path === undefined ? tree.getChildren('/kinds/ephemerals') : tree.delete(path);
    },
  },
  { share: 1, move: (tree) => tree.getChildren('/kinds/ephemerals') },
];

const table = moves.flatMap(({ share, move }) => Array.from({ length: share }, () => move));

/** The kinds of nodes every release has: ephemeral or not, numbered or not. */
export const kinds = defineRecipe({
  name: 'kinds',
  about:
    'ephemerals that come, go and must stay childless; numbered nodes created and deleted below one parent',
  nodes: ['/kinds/ephemerals', '/kinds/sequence'],
  rules: ['ephemerals', 'sequence-numbers'],
  play(player) {
    const own: Own = { session: -1, ephemerals: [], numbered: [], count: 0 };
    return async (tree) => {
      if (own.session !== tree.session) Object.assign(own, { session: tree.session, ephemerals: [] });
      await player.random.pick(table)(tree, own, player);
    };
  },
});
