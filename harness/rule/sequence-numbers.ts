import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import { type Brood, countUpTo, hiddenBirths } from './tree/child-counts.ts';
import { isBirthExact } from './tree/node-life.ts';
import { creates, isSequential, suffixOf, type Update } from './tree/updates.ts';
import { count, finding, opWords, report, zxidText } from './words.ts';

const name = 'sequence-numbers';

interface Wrong {
  update: Update;
  before: Update | undefined;
  what: string;
}

/**
 * The suffix is a counter kept by the parent: the number of children ever created under it, sequential or not
 * (PrepRequestProcessor: parentCVersion, "%010d"). So in zxid order it rises, never repeats, and skips only children
 * that lost writes may have created.
 */
export const sequenceNumbers: Rule = {
  name,
  about: 'sequential suffixes are unique, rise in zxid order and count the children created',
  guarantee: {
    quote:
      '"When creating a znode you can also request that ZooKeeper append a monotonically increasing counter to the end of path. This counter is unique to the parent znode. The counter has a format of %010d -- that is 10 digits with 0 (zero) padding [...]. Note: the counter used to store the next sequence number is a signed int (4bytes) maintained by the parent node, the counter will overflow when incremented beyond 2147483647"',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "Sequence Nodes -- Unique Naming"',
  },
  cannotSee: [
    'skipped numbers below a parent that is older than the history: there they must only be unique and rise',
  ],
  byDesign: [
    'every child counts, also one without a number: names need not be dense',
    'a create without an answer may have taken a number',
    'the counter is a signed 32-bit integer: behind 2147483647 come negative numbers',
  ],
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const account = accountOf(evidence);
    const families = familiesIn(account);
    const created = [...families.values()].reduce((sum, { length }) => sum + length, 0);
    const wrong = [...families].flatMap(([parent, updates]) => {
      const starts = (account.lives[parent] ?? []).filter(isBirthExact);
      const brood = account.broods.get(parent);
      return brood
        ? inOneFamily(
            updates,
            brood,
            starts.map(({ bornUpTo }) => bornUpTo),
          )
        : [];
    });
    wrong.sort((a, b) => a.update.zxid - b.update.zxid);
    const { findings, more } = report(wrong, ({ update, before, what }) => {
      const earlier = before
        ? ` The one before it: ${opWords(history, before.row)}, named ${before.path}.`
        : '';
      return finding(evidence, {
        rule: name,
        title: `${update.path} (zxid ${zxidText(update.zxid)}) ${what}`,
        tell: `Created by ${opWords(history, update.row)}.${earlier}`,
        rows: before ? [before.row, update.row] : [update.row],
        zxids: [...(before ? [before.zxid] : []), update.zxid],
        atNs: history.returnedNs[update.row]!,
      });
    });
    return {
      relevant: created,
      seen: `${count(created, 'sequential node')} under ${count(families.size, 'parent')}${more}`,
      findings,
    };
  },
};

/** Sequential nodes with their numbers, by parent. */
function familiesIn({ updates, told: { paths } }: Account): Map<number, Update[]> {
  const families = new Map<number, Update[]>();
  for (let i = 0; i < updates.length; i++) {
    if (updates.kind(i) !== creates || !isSequential({ mode: updates.mode(i) })) continue;
    const update = updates.at(i);
    if (suffixOf(update) === undefined) continue;
    const parent = paths.parentOf(update.node);
    const there = families.get(parent);
    if (there) there.push(update);
    else families.set(parent, [update]);
  }
  return families;
}

/** `starts`: when the parent's incarnations with a known beginning began; the counter begins there. */
function inOneFamily(updates: readonly Update[], brood: Brood, starts: readonly number[]): Wrong[] {
  const wrong: Wrong[] = [];
  const inOrder = updates.toSorted((a, b) => a.zxid - b.zxid || a.part - b.part);
  let before: Update | undefined;
  let start = -1;
  let hiddenBefore = 0;
  for (const update of inOrder) {
    const begun = starts.findLast((zxid) => zxid <= update.zxid) ?? 0;
    if (begun !== start) {
      start = begun;
      before = undefined;
      hiddenBefore = 0;
    }
    const suffix = suffixOf(update)!;
    const last = before && suffixOf(before);
    if (last !== undefined && suffix <= last) {
      wrong.push({
        update,
        before,
        what: suffix === last ? 'repeats a number' : `comes after number ${last}`,
      });
    } else if (start > 0) {
      const known = childrenBefore(brood, update) - countUpTo(brood.births, start, ({ zxid }) => zxid);
      const hidden = suffix - known;
      const possible = hidden > 0 ? hiddenBirths(brood, start, update.zxid) : 0;
      if (hidden < hiddenBefore) {
        wrong.push({
          update,
          before,
          what: `has too low a number: ${known + hiddenBefore} children came before it`,
        });
      } else if (hidden > possible) {
        const skipped = `skips numbers: ${known} children came before it`;
        wrong.push({
          update,
          before,
          what: `${skipped}, and lost writes account for at most ${possible} more`,
        });
      }
      hiddenBefore = Math.max(hiddenBefore, Math.min(hidden, possible));
    }
    before = update;
  }
  return wrong;
}

/** Known children created before this one: at a lower zxid, or earlier in the same multi. */
function childrenBefore({ births }: Brood, { zxid, part }: Update): number {
  let before = countUpTo(births, zxid - 1, (birth) => birth.zxid);
  while (before < births.length && births[before]!.zxid === zxid && births[before]!.part < part) before++;
  return before;
}
