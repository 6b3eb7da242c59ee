import { type Broken, recipeRule } from './recipe.ts';
import type { Evidence } from './rule.ts';
import type { Account } from './tree/account.ts';
import { Presence } from './tree/presence.ts';
import { absent } from './tree/sightings.ts';
import { creates, deletes, isMortal, setsData, type Update } from './tree/updates.ts';
import { count, opWords, seconds, zxidText } from './words.ts';

/** Difference that the clocks of clients (monotonic) and of a server (of the wall, in ms) may show over a TTL, ns. */
const slackNs = 50e6;

/** What is known of one container or TTL node. */
interface Mortal {
  update: Update;
  /** ms; undefined for a container. */
  ttlMs: number | undefined;
  /** A client may have deleted it: then it says nothing about the leader. */
  deleted: boolean;
  children: Set<number>;
  /** Rows of its create and of the writes to it, with their zxids, in zxid order. */
  writes: { row: number; zxid: number }[];
}

/**
 * Containers and TTL nodes are deleted by the leader (ContainerManager): a container once it has had children and has
 * none, a TTL node when nobody wrote to it for its TTL and it has no children. When they go is not promised, only that
 * they do not go before.
 */
export const mortalNodes = recipeRule({
  name: 'mortal-nodes',
  about: 'container nodes vanish only after their last child, TTL nodes only when their TTL has passed',
  guarantee: {
    quote:
      '"When the last child of a container is deleted, the container becomes a candidate to be deleted by the server at some point in the future. [...] If the znode is not modified within the TTL and has no children it will become a candidate to be deleted by the server at some point in the future."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "Container Nodes" and "TTL Nodes"',
  },
  cannotSee: [
    'whether a container or TTL node goes at all, as long as some do',
    'TTLs of nodes that do not hold them as text',
  ],
  byDesign: [
    'a node that stays long after it may go: the leader looks once a minute unless told otherwise',
    'a TTL node that goes although somebody wrote to it again: once it was left alone for its TTL it is a candidate, and the leader that deletes its candidates looks again only at their children (deleteContainer in PrepRequestProcessor)',
  ],
  look(evidence, account) {
    const mortals = mortalsIn(account);
    const { sightings } = account.told;
    const presence = new Presence(account);
    const vanished = new Set<number>();
    const broken = new Map<number, Broken>();
    for (let i = 0; i < sightings.length; i++) {
      const node = sightings.node[i]!;
      const mortal = mortals.get(node);
      const zxid = sightings.zxid[i]!;
      if (!mortal || mortal.deleted || sightings.seen(i) !== absent || zxid < mortal.update.zxid) continue;
      const breach = tooEarly(evidence, mortal, presence, sightings.row(i), zxid);
      vanished.add(node);
      if (breach && !broken.has(node)) broken.set(node, breach);
    }
    const containers = [...mortals.values()].filter(({ ttlMs }) => ttlMs === undefined).length;
    return {
      relevant: mortals.size,
      seen: `${count(containers, 'container')} and ${count(mortals.size - containers, 'TTL node')}, ${vanished.size} of them vanished`,
      broken: [...broken.values()],
      inconclusive: vanished.size === 0 && mortals.size > 0 ? 'none of these nodes vanished' : undefined,
    };
  },
});

function mortalsIn({ updates, byZxid, told, lost }: Account): Map<number, Mortal> {
  const mortals = new Map<number, Mortal>();
  for (const i of byZxid) {
    const node = updates.node[i]!;
    const kind = updates.kind(i);
    const mode = updates.mode(i);
    if (kind === creates && isMortal({ mode })) {
      const update = updates.at(i);
      const ttlMs = mode === containerMode ? undefined : Number(update.value);
      const writes = [{ row: update.row, zxid: update.zxid }];
      mortals.set(node, { update, ttlMs, deleted: false, children: new Set(), writes });
    } else if (kind === creates) mortals.get(told.paths.parentOf(node))?.children.add(node);
    else if (kind === deletes) mark(node);
    else if (kind === setsData)
      mortals.get(node)?.writes.push({ row: updates.row(i), zxid: updates.zxid[i]! });
  }
  for (const { kind, node } of lost.flatMap((each) => each.updates)) {
    if (kind === 'delete') mark(node);
    if (kind === 'create') mortals.get(told.paths.parentOf(node))?.children.add(node);
  }
  return mortals;

  function mark(node: number): void {
    const mortal = mortals.get(node);
    if (mortal) mortal.deleted = true;
  }
}

const containerMode = 4;

function tooEarly(
  { history }: Evidence,
  { update, ttlMs, children, writes }: Mortal,
  presence: Presence,
  row: number,
  zxid: number,
): Broken | undefined {
  const rows = [update.row, row];
  const child = [...children].find((each) => presence.surely(each, zxid));
  if (child !== undefined) {
    const title = `${update.path} vanished by zxid ${zxidText(zxid)} although it had a child`;
    return { title, why: 'Nobody had deleted the child.', rows };
  }
  if (ttlMs === undefined) {
    if (children.size > 0) return undefined;
    const title = `container ${update.path} vanished by zxid ${zxidText(zxid)} although it never had a child`;
    return { title, why: 'A container that was never used stays.', rows };
  }
  const before = writes.filter((write) => write.zxid <= zxid);
  const idleNs = before.map(
    (write, i) => history.returnedNs[before[i + 1]?.row ?? row]! - history.invokedNs[write.row]!,
  );
  if (Math.max(...idleNs) + slackNs >= ttlMs * 1e6) return undefined;
  const title = `${update.path} vanished ${seconds(idleNs.at(-1)!)} after the last write to it, and was never left alone for its TTL of ${ttlMs} ms`;
  return { title, why: `The last write was ${opWords(history, before.at(-1)!.row)}.`, rows };
}
