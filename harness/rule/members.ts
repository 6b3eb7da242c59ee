import { membersTree } from '../workload/recipe-tree.ts';
import { type Broken, recipeRule } from './recipe.ts';
import { hasSurelyEnded, type SessionLife } from './tree/sessions.ts';
import { creates, deletes } from './tree/updates.ts';
import { count, zxidText } from './words.ts';

interface Member {
  row: number;
  life: SessionLife;
}

/** Group membership: every list holds the members whose sessions live, and nobody whose session has ended. */
export const members = recipeRule({
  name: 'members',
  about: 'each list of the members holds those whose sessions live, and no others',
  guarantee: {
    quote:
      '"Members of the group create ephemeral nodes under the group node. Nodes of the members that fail abnormally will be removed automatically when ZooKeeper detects the failure."',
    source: 'Recipes (recipes.md), "Group Membership"',
  },
  cannotSee: ['the end of a session that no client was told of'],
  byDesign: [
    'a list by a server that lags: it is judged at its own zxid',
    'a session that expired a moment ago: the leader tells its client before its end is committed',
  ],
  look({ root, history }, account) {
    const { updates, byZxid, told, sessions, epochs, lost } = account;
    const folder = told.paths.find(root + membersTree.members);
    const lists = told.listings.filter(({ node }) => node === folder).sort((a, b) => a.zxid - b.zxid);
    const unsure = new Set(
      lost.flatMap((each) => each.updates.filter(({ kind }) => kind === 'delete').map(({ node }) => node)),
    );
    /** By the number of its node. */
    const joined = new Map<number, Member>();
    const creators = new Map<number, Member>();
    const broken: Broken[] = [];
    let next = 0;
    for (const { row, zxid, names } of lists) {
      for (; next < byZxid.length && updates.zxid[byZxid[next]!]! <= zxid; next++) follow(byZxid[next]!);
      const listed = new Set(names.map((name) => told.paths.idOf(`${root}${membersTree.members}/${name}`)));
      for (const node of listed) {
        const member = creators.get(node);
        if (!member || !hasSurelyEnded(member.life, zxid, history.invokedNs[row]!, epochs)) continue;
        broken.push({
          title: `${told.paths.names[node]} is listed at zxid ${zxidText(zxid)} although its session has ended`,
          why: `Session ${member.life.session} ${endOf(member.life)}; a member is one whose session lives.`,
          rows: [member.row, row],
        });
      }
      for (const [node, member] of joined) {
        if (listed.has(node) || member.life.aliveZxid < zxid || ended(member.life, zxid)) continue;
        broken.push({
          title: `${told.paths.names[node]} is missing from the list at zxid ${zxidText(zxid)} although its session lives`,
          why: `Session ${member.life.session} had a transaction of its own at zxid ${zxidText(member.life.aliveZxid)}, and nobody deleted the node.`,
          rows: [member.row, row],
        });
      }
    }
    return {
      relevant: lists.length,
      seen: `${count(lists.length, 'list')} of ${count(creators.size, 'member')}`,
      broken,
    };

    function follow(i: number): void {
      const node = updates.node[i]!;
      const kind = updates.kind(i);
      if (told.paths.parentOf(node) !== folder) return;
      if (kind === deletes) joined.delete(node);
      if (kind !== creates) return;
      const member = { row: updates.row(i), life: sessions.of(updates.sessionOf(i)) };
      creators.set(node, member);
      if (!unsure.has(node)) joined.set(node, member);
    }
  },
});

const ended = ({ closeZxid }: SessionLife, zxid: number) => closeZxid > 0 && closeZxid <= zxid;
const endOf = ({ closeZxid }: SessionLife) =>
  closeZxid > 0 ? `was closed at zxid ${zxidText(closeZxid)}` : 'had expired, as its client was told';
