import { namingTree } from '../workload/recipe-tree.ts';
import { type Broken, ownLaw, recipeRule } from './recipe.ts';
import { createdUnder, type Named } from './tree/writes-under.ts';
import { count, zxidText } from './words.ts';

/** Unique names: no number is used by two. */
export const naming = recipeRule({
  name: 'naming',
  about: 'no name that clients were given is used twice',
  guarantee: { quote: 'A name is given to one client once, whatever fails.', source: ownLaw },
  cannotSee: ['numbers that were drawn and never used'],
  byDesign: ['gaps between the numbers'],
  look({ root }, account) {
    const used = createdUnder(account, root + namingTree.used);
    const first = new Map<string, Named>();
    const broken: Broken[] = [];
    for (const use of used) {
      const number = use.name.slice(0, use.name.indexOf('-'));
      const before = first.get(number);
      if (!before) first.set(number, use);
      else {
        broken.push({
          title: `name ${number} was given twice: used at zxid ${zxidText(before.zxid)} and at zxid ${zxidText(use.zxid)}`,
          why: 'Both clients think that the name is theirs alone.',
          rows: [before.row, use.row],
        });
      }
    }
    return { relevant: used.length, seen: `${count(used.length, 'name')} used`, broken };
  },
});
