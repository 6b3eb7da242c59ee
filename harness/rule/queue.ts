import { numberOf } from '../workload/lock-tree.ts';
import { queueTree } from '../workload/recipe-tree.ts';
import { type Broken, recipeRule } from './recipe.ts';
import { deletesOf } from './tree/presence.ts';
import { createdUnder, type Named } from './tree/writes-under.ts';
import { count, zxidText } from './words.ts';

/** The queue: in zxid order items are taken in the order of their numbers, each once, and none goes without being taken. */
export const queue = recipeRule({
  name: 'queue',
  about: 'each item of the queue is taken once, in the order of the numbers, and none is lost',
  guarantee: {
    quote:
      '"A client that wants to remove from the queue calls the getChildren() function [...] and begins processing nodes with the lowest number."',
    source: 'Recipes (recipes.md), "Queues"',
  },
  cannotSee: ['whether who took an item also finished it'],
  byDesign: ['a take without an answer whose transaction nobody saw: its item may be taken'],
  look({ root }, account) {
    const items = createdUnder(account, root + queueTree.items);
    const taken = createdUnder(account, root + queueTree.taken);
    const takenBy = new Map<string, Named>();
    const broken: Broken[] = [];
    let last: Named | undefined;
    for (const take of taken) {
      const item = itemOf(take);
      const before = takenBy.get(item);
      if (before) {
        broken.push({
          title: `item ${item} was taken twice: at zxid ${zxidText(before.zxid)} and at zxid ${zxidText(take.zxid)}`,
          why: 'One delete of an item succeeds, and only who did it has taken the item.',
          rows: [before.row, take.row],
        });
        continue;
      }
      takenBy.set(item, take);
      if (last && numberOf(item) < numberOf(itemOf(last))) {
        broken.push({
          title: `item ${item} was taken at zxid ${zxidText(take.zxid)}, behind item ${itemOf(last)}`,
          why: 'The lower number was first in every list that showed both.',
          rows: [last.row, take.row],
        });
      } else last = take;
    }
    const gone = deletesOf(account);
    const folder = `${root}${queueTree.taken}/`;
    const mayBeTaken = new Set(
      account.lost
        .flatMap(({ updates }) => updates)
        .filter(({ kind, path }) => kind === 'create' && path.startsWith(folder))
        .map(({ path }) => itemOf({ name: path.slice(folder.length) })),
    );
    for (const { node, path, name, row } of items) {
      const end = gone.get(node);
      if (end === undefined || takenBy.has(name) || mayBeTaken.has(name)) continue;
      broken.push({
        title: `item ${name} was deleted at zxid ${zxidText(account.updates.zxid[end]!)} and nobody took it`,
        why: `No record under ${root + queueTree.taken} names ${path}.`,
        rows: [row, account.updates.row(end)],
      });
    }
    return {
      relevant: taken.length,
      seen: `${count(taken.length, 'item')} taken of ${items.length}`,
      broken,
    };
  },
});

/** "i-0000000007" of the record "i-0000000007-c3". */
const itemOf = ({ name }: Pick<Named, 'name'>) => name.slice(0, name.lastIndexOf('-'));
