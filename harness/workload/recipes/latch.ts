import { createModes } from '../../client/requests.ts';
import { numberOf } from '../lock-tree.ts';
import type { OwnTree } from '../own-tree.ts';
import { defineRecipe, type Player } from '../recipe.ts';
import { latchTree } from '../recipe-tree.ts';

/** A client's candidacy; it belongs to one session, and ends with it. */
interface Candidacy {
  session: number;
  /** Name of its node, once it is known. */
  node: string | undefined;
  /** The candidate it waits for, by its name. */
  ahead: string | undefined;
  leads: boolean;
  acts: number;
}

/** Acts of one reign; then the leader resigns, so that a run sees many. */
const actsMax = 6;

/**
 * The leader election of recipes.md. The leader acts by writing its node's name, in the session that owns the node: so
 * the write is refused once the session is over. Wrong: who sees the candidate ahead of it go takes over without looking
 * whether another one is still ahead.
 */
export const latch = defineRecipe({
  name: 'latch',
  about:
    'clients elect a leader with sequential ephemerals; the leader acts, waiting candidates give up now and then',
  mistake: 'who sees the candidate ahead of it go leads, without looking at the list again',
  nodes: [latchTree.candidates, latchTree.acts],
  rules: ['latch', 'ephemerals', 'sequence-numbers', 'watches'],
  play(player) {
    let candidacy: Candidacy | undefined;
    return async (tree) => {
      if (candidacy?.session !== tree.session) candidacy = undefined;
      candidacy ??= { session: tree.session, node: undefined, ahead: undefined, leads: false, acts: 0 };
      const mine = candidacy;
      if (mine.node === undefined) await stand(tree, mine, player);
      else if (mine.leads && mine.acts < actsMax) await act(tree, mine);
      else if (mine.leads || player.random.int(1, 12) === 1) {
        if (await resigned(tree, mine)) candidacy = undefined;
      } else await look(tree, mine, player);
    };
  },
});

async function stand(tree: OwnTree, mine: Candidacy, { name }: Player): Promise<void> {
  const path = `${latchTree.candidates}/${name}-`;
  const { name: made } = await tree.create(path, '', { mode: createModes.ephemeralSequential });
  mine.node = made?.slice(latchTree.candidates.length + 1);
}

async function act(tree: OwnTree, mine: Candidacy): Promise<void> {
  await tree.setData(latchTree.acts, `${mine.node} ${++mine.acts}`);
}

async function resigned(tree: OwnTree, mine: Candidacy): Promise<boolean> {
  const { outcome } = await tree.delete(`${latchTree.candidates}/${mine.node}`);
  return outcome === 'ok' || outcome === 'fail';
}

async function look(tree: OwnTree, mine: Candidacy, { name, wrong }: Player): Promise<void> {
  if (wrong && mine.ahead !== undefined) {
    const { outcome } = await tree.exists(`${latchTree.candidates}/${mine.ahead}`, true);
    mine.leads = outcome === 'fail';
    return;
  }
  const { children } = await tree.getChildren(latchTree.candidates);
  if (!children) return;
  const line = children.toSorted((a, b) => numberOf(a) - numberOf(b));
  // A create without an answer may have left a node, which would stand in everybody's way.
  const stray = line.find((each) => each.startsWith(`${name}-`) && each !== mine.node);
  if (stray !== undefined) await tree.delete(`${latchTree.candidates}/${stray}`);
  const at = line.indexOf(mine.node ?? '');
  mine.leads = at === 0;
  mine.ahead = line[at - 1];
  if (mine.ahead !== undefined) await tree.exists(`${latchTree.candidates}/${mine.ahead}`, true);
}
