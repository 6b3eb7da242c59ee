import { workloadNamed } from '../workload/catalogue.ts';
import { type BarrierMark, barrierTree } from '../workload/recipe-tree.ts';
import { type Broken, recipeRule } from './recipe.ts';
import { Presence } from './tree/presence.ts';
import { creates } from './tree/updates.ts';
import { count, zxidText } from './words.ts';

const gates: Partial<Record<string, { awaited: BarrierMark; what: string; still: string }>> = {
  in: { awaited: 'here', what: 'entered', still: 'had come' },
  out: { awaited: 'done', what: 'left', still: 'were done' },
};

/** The double barrier: at the zxid at which somebody enters all have come, and at which somebody leaves all are done. */
export const barrier = recipeRule({
  name: 'barrier',
  about: 'nobody enters a round before all are there, and nobody leaves it before all are done',
  guarantee: {
    quote:
      '"Double barriers enable clients to synchronize the beginning and the end of a computation. When enough processes have joined the barrier, processes start their computation and leave the barrier once they have finished."',
    source: 'Recipes (recipes.md), "Double Barriers"',
  },
  cannotSee: ['whether clients of a round work at the same time of the clock'],
  byDesign: ['a mark whose create had no answer counts as there'],
  look({ root, scenario }, account) {
    const { use, ...given } = scenario.workload;
    const workload = workloadNamed(use);
    const players = workload.clients(workload.params.parse(given)).count;
    const { updates, byZxid, told } = account;
    const { paths } = told;
    const rounds = paths.find(root + barrierTree.rounds);
    const presence = new Presence(account);
    const marks = new Map<string, number[]>();
    for (let node = 0; node < paths.length; node++) {
      const { round, mark } = markOf(node);
      if (mark === undefined) continue;
      const key = `${round} ${mark}`;
      const there = marks.get(key);
      if (there) there.push(node);
      else marks.set(key, [node]);
    }
    const broken: Broken[] = [];
    let passed = 0;
    for (const i of byZxid) {
      const { round, mark } = markOf(updates.node[i]!);
      const gate = mark === undefined ? undefined : gates[mark];
      if (!gate || updates.kind(i) !== creates) continue;
      const zxid = updates.zxid[i]!;
      const came = (marks.get(`${round} ${gate.awaited}`) ?? []).filter((node) =>
        presence.may(paths.names[node]!, zxid),
      );
      passed++;
      if (came.length >= players) continue;
      broken.push({
        title: `${paths.names[updates.node[i]!]}: a client ${gate.what} at zxid ${zxidText(zxid)} when ${came.length} of ${players} ${gate.still}`,
        why: `Only ${came.length} marks "${gate.awaited}" of ${paths.names[round]} can have been there at that zxid.`,
        rows: [updates.row(i)],
      });
    }
    return {
      relevant: passed,
      seen: `${count(passed, 'passage')} through the gates of a barrier for ${players}`,
      broken,
    };

    function markOf(node: number): { round: number; mark: string | undefined } {
      const round = paths.parentOf(node);
      if (round === rounds || paths.parentOf(round) !== rounds) return { round, mark: undefined };
      const name = paths.names[node]!.slice(paths.names[round]!.length + 1);
      return { round, mark: name.split('-')[0] };
    }
  },
});
