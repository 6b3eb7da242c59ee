import { balanceTree } from '../workload/recipe-tree.ts';
import { type Broken, goneWords, ownLaw, recipeRule } from './recipe.ts';
import { Presence } from './tree/presence.ts';
import { createdUnder } from './tree/writes-under.ts';
import { count, zxidText } from './words.ts';

/** Soft load balancing: a task is given to a worker that is there at the zxid of the task. */
export const balance = recipeRule({
  name: 'balance',
  about: 'tasks are given to workers that were alive at that zxid',
  guarantee: {
    quote: 'Work goes to members that are alive in the very transaction that assigns it.',
    source: ownLaw,
  },
  cannotSee: ['whether the work is spread evenly', 'whether a worker lives long enough to do the task'],
  byDesign: ['a worker that leaves right after it was given a task'],
  look({ root }, account) {
    const folder = root + balanceTree.workers;
    const presence = new Presence(account);
    const tasks = createdUnder(account, root + balanceTree.tasks);
    const broken: Broken[] = [];
    for (const { value, zxid, row, name } of tasks) {
      const path = `${folder}/${value}`;
      if (presence.may(path, zxid)) continue;
      broken.push({
        title: `task ${name} was given to ${value} at zxid ${zxidText(zxid)}, which was not there`,
        why: goneWords(presence, path),
        rows: [row],
      });
    }
    const workers = createdUnder(account, folder).length;
    return {
      relevant: tasks.length,
      seen: `${count(tasks.length, 'task')} given to ${count(workers, 'worker')}`,
      broken,
    };
  },
});
