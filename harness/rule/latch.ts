import { numberOf } from '../workload/lock-tree.ts';
import { latchTree } from '../workload/recipe-tree.ts';
import { type Broken, goneWords, recipeRule } from './recipe.ts';
import { Presence } from './tree/presence.ts';
import { createdUnder, writtenTo } from './tree/writes-under.ts';
import { count, zxidText } from './words.ts';

interface Candidate {
  path: string;
  row: number;
  number: number;
  from: number;
  to: number;
}

/**
 * The leader election recipe: whoever acts as leader at a zxid has its candidate node there, and nobody ahead of it has.
 * The act is a write in the session that owns the node, so ZooKeeper itself refuses it once the session is over.
 */
export const latch = recipeRule({
  name: 'latch',
  about: 'who acts as leader is the first of the living candidates at the zxid of the act',
  guarantee: {
    quote: '"The process that created the znode with the smallest appended sequence number is the leader."',
    source: 'Recipes (recipes.md), "Leader Election"',
  },
  cannotSee: [
    'what a leader does outside ZooKeeper',
    'a candidate ahead whose session nobody saw alive at the act',
  ],
  byDesign: ['a leader that does not know yet that its session is over: its act is refused'],
  look(evidence, account) {
    const { root } = evidence;
    const folder = root + latchTree.candidates;
    const presence = new Presence(account);
    const stood = createdUnder(account, folder);
    const waiting = stood
      .flatMap(({ node, path, row, name }): Candidate[] =>
        presence.sureSpans(node).map((span) => ({ path, row, number: numberOf(name), ...span })),
      )
      .sort((a, b) => a.from - b.from);
    const acts = writtenTo(account, root + latchTree.acts);
    const broken: Broken[] = [];
    let living: Candidate[] = [];
    let next = 0;
    for (const { zxid, row, value } of acts) {
      for (; next < waiting.length && waiting[next]!.from <= zxid; next++) living.push(waiting[next]!);
      living = living.filter(({ to }) => to >= zxid);
      const leader = value?.split(' ')[0] ?? '';
      const path = `${folder}/${leader}`;
      const ahead = living.find(({ number }) => number < numberOf(leader));
      if (!presence.may(path, zxid)) {
        broken.push({
          title: `${leader} acts as leader at zxid ${zxidText(zxid)} without its node`,
          why: `${goneWords(presence, path)} Its client acted without its session.`,
          rows: [row],
        });
      } else if (ahead) {
        broken.push({
          title: `two leaders at zxid ${zxidText(zxid)}: ${path} acts while ${ahead.path} is there`,
          why: `The first of these nodes was there from zxid ${zxidText(ahead.from)} on, and still at the act; the lower number leads.`,
          rows: [ahead.row, row],
        });
      }
    }
    return {
      relevant: acts.length,
      seen: `${count(acts.length, 'act')} of leaders, ${count(stood.length, 'candidate')}`,
      broken,
    };
  },
});
