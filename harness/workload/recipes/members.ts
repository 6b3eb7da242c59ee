import { createModes } from '../../client/requests.ts';
import { defineRecipe } from '../recipe.ts';
import { membersTree } from '../recipe-tree.ts';

/**
 * Group membership: an ephemeral a session, and whoever wants to know lists them. Wrong: the node is persistent, so it
 * stays when its session ends without a word.
 */
export const members = defineRecipe({
  name: 'members',
  about: 'clients join a group with an ephemeral, leave it now and then, and list it',
  mistake: 'members join with persistent nodes',
  nodes: [membersTree.members],
  rules: ['members', 'ephemerals', 'watches'],
  play({ name, random, wrong }) {
    const mode = wrong ? createModes.persistent : createModes.ephemeral;
    let joined = -1;
    return async (tree) => {
      const node = `${membersTree.members}/${name}-${tree.session}`;
      if (joined !== tree.session) {
        const { outcome } = await tree.create(node, '', { mode });
        // Refused: it is there already, from a try that got no answer.
        if (outcome === 'ok' || outcome === 'fail') joined = tree.session;
      } else if (random.int(1, 10) === 1) {
        const { outcome } = await tree.delete(node);
        if (outcome !== 'notSent') joined = -1;
      } else await tree.getChildren(membersTree.members, true);
    };
  },
});
