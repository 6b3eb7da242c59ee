import { errors } from '../../client/errors.ts';
import type { Returned } from '../../client/returned.ts';
import type { OwnTree } from '../own-tree.ts';
import { defineRecipe, type Player } from '../recipe.ts';
import { type BarrierMark, barrierMarks, barrierTree } from '../recipe-tree.ts';

/** What a mark waits for: "in" may be set when all are "here", "out" when all are "done". */
const waitsFor: Partial<Record<BarrierMark, BarrierMark>> = { in: 'here', out: 'done' };

/**
 * The double barrier of recipes.md, round after round. Marks are persistent, so that a client whose session ended goes
 * on where it was. Wrong: a client counts itself beside the list, which it is in already, and so does not wait for the last.
 */
export const barrier = defineRecipe({
  name: 'barrier',
  about: 'clients enter a round when all are there and leave it when all are done',
  mistake: 'a client counts itself twice',
  nodes: [barrierTree.rounds],
  rules: ['barrier'],
  play(player) {
    let round = 0;
    let next = -1;
    return async (tree) => {
      const path = `${barrierTree.rounds}/r${String(round).padStart(5, '0')}`;
      if (next < 0) {
        if (isThere(await tree.create(path, ''))) next = 0;
        return;
      }
      if (!(await marked(tree, path, barrierMarks[next]!, player))) return;
      if (++next < barrierMarks.length) return;
      next = -1;
      round++;
    };
  },
});

async function marked(tree: OwnTree, path: string, mark: BarrierMark, player: Player): Promise<boolean> {
  const awaited = waitsFor[mark];
  // Coming and working take some turns, so that not all do it at once.
  if (awaited === undefined && player.random.int(1, 3) > 1) return false;
  if (awaited !== undefined) {
    const { children } = await tree.getChildren(path);
    const there = (children ?? []).filter((child) => child.startsWith(`${awaited}-`)).length;
    if (there + (player.wrong ? 1 : 0) < player.players) return false;
  }
  return isThere(await tree.create(`${path}/${mark}-${player.name}`, ''));
}

/** A mark may be there from a try that got no answer; nobody else sets it. */
const isThere = ({ outcome, error }: Returned) => outcome === 'ok' || error === errors.NODEEXISTS.code;
