import { type OpKind, opKinds } from '../history/op.ts';
import { lockTree, numberOf } from '../workload/lock-tree.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import { creates, deletes, isEphemeral, isSequential, setsData } from './tree/updates.ts';
import { count, finding, opWords, report, seconds, zxidText } from './words.ts';

const name = 'locks';

/** One client's turn with a lock: from the list in which its node was the first to the end of that node. */
interface Hold {
  lock: string;
  node: string;
  /** The list that showed it first. */
  row: number;
  zxid: number;
  /** Up to here its node was certainly there. */
  toZxid: number;
  /** The fencing token: the zxid that created its node. */
  token: number;
  /** Until when its client, by its own clock, had no reason to think that it had lost the lock. */
  believedToNs: number;
}

interface Wrong {
  severity: 'violation' | 'gap';
  title: string;
  tell: string;
  rows: number[];
}

const [deleteKind] = (['delete'] as const satisfies OpKind[]).map((kind) => opKinds.indexOf(kind));

/**
 * The lock recipe in the time of zxids: whoever finds its sequential ephemeral first in the list holds the lock until that
 * node is gone. ZooKeeper's part is that no two hold it at one zxid, that tokens rise from holder to holder, and that
 * writes under the lock come in the order of their tokens. Two clients that believe to hold it at one time of the clock,
 * one not knowing yet that its session is over, are a weakness of the recipe and told as such.
 */
export const locks: Rule = {
  name,
  about: 'a lock has one holder at a time, and what is written under it carries rising tokens',
  guarantee: {
    quote:
      '"Fully distributed locks that are globally synchronous, meaning at any snapshot in time no two clients think they hold the same lock."',
    source: 'Recipes (recipes.md), "Locks"',
  },
  cannotSee: [
    'what a holder does outside ZooKeeper',
    'a queue node whose create nobody answered and no log or list shows',
  ],
  byDesign: [
    'two clients may believe to hold the lock at one time of the clock, one not having heard yet that its session is over: a gap, and the reason for fencing tokens',
  ],
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const account = accountOf(evidence);
    const holds = holdsIn(evidence, account);
    const writes = fallingTokens(evidence, account);
    const wrong = [...betweenHolders(evidence, holds), ...writes.wrong];
    const { findings, more } = report(wrong, (each) =>
      finding(evidence, { rule: name, atNs: history.returnedNs[each.rows.at(-1)!]!, ...each }),
    );
    return {
      relevant: holds.length,
      seen: `${count(holds.length, 'turn')} with a lock, ${count(writes.seen, 'write')} under one${more}`,
      findings,
    };
  },
};

function holdsIn(evidence: Evidence, account: Account): Hold[] {
  const { history, root } = evidence;
  const { told, updates, sessions } = account;
  const { names, parentOf } = {
    names: told.paths.names,
    parentOf: (node: number) => told.paths.parentOf(node),
  };
  const candidates = new Map<string, { session: number; token: number; node: number }>();
  for (let i = 0; i < updates.length; i++) {
    const mode = { mode: updates.mode(i) };
    if (updates.kind(i) !== creates || !isEphemeral(mode) || !isSequential(mode)) continue;
    const node = updates.node[i]!;
    if (names[parentOf(parentOf(node))] !== root + lockTree.locks) continue;
    candidates.set(names[node]!, { session: updates.sessionOf(i), token: updates.zxid[i]!, node });
  }
  const lists = told.listings.toSorted((a, b) => a.zxid - b.zxid);
  const holds = new Map<string, Hold>();
  for (const { row, zxid, node, names: children } of lists) {
    const lock = names[node]!;
    const path = `${lock}/${firstOf(children)}`;
    const candidate = candidates.get(path);
    if (!candidate || candidate.session !== history.session[row] || holds.has(path)) continue;
    const { token } = candidate;
    const toZxid = Math.max(zxid, certainlyThereTo(account, candidate) - 1);
    const { expiredNs = Number.POSITIVE_INFINITY, closeRow, heardNs } = sessions.of(candidate.session);
    const closedNs = closeRow < 0 ? Number.POSITIVE_INFINITY : history.invokedNs[closeRow]!;
    // Whoever hears nothing knows that it may have lost everything.
    const believedToNs = Math.min(expiredNs, closedNs, heardNs);
    holds.set(path, { lock, node: path, row, zxid, toZxid, token, believedToNs });
  }
  for (let row = 0; row < history.length; row++) {
    if (history.kind[row] !== deleteKind) continue;
    const hold = holds.get(history.paths[history.path[row]!]!);
    if (hold) hold.believedToNs = Math.min(hold.believedToNs, history.invokedNs[row]!);
  }
  return [...holds.values()];
}

function firstOf(children: readonly string[]): string | undefined {
  return children.toSorted((a, b) => numberOf(a) - numberOf(b))[0];
}

/** Zxid up to which the node was there for sure: somebody's delete of it was done then, or its session was closed. */
function certainlyThereTo(account: Account, { node, session }: { node: number; session: number }): number {
  const { updates, byZxid, sessions, lost } = account;
  const end = byZxid.find((i) => updates.node[i] === node && updates.kind(i) === deletes);
  if (end !== undefined) return updates.zxid[end]!;
  const mayBeDeleted = lost.some((each) =>
    each.updates.some(({ kind, node: its }) => kind === 'delete' && its === node),
  );
  return mayBeDeleted ? 0 : sessions.of(session).closeZxid;
}

/** Each holder of a lock and the one before it. `holds` come in zxid order. */
function betweenHolders({ history }: Evidence, holds: readonly Hold[]): Wrong[] {
  const last = new Map<string, Hold>();
  const wrong: Wrong[] = [];
  for (const hold of holds) {
    const before = last.get(hold.lock);
    last.set(hold.lock, hold);
    if (!before) continue;
    const tell = `First ${opWords(history, before.row)}, which made ${before.node} the holder; then ${opWords(history, hold.row)}, which made ${hold.node} the holder.`;
    const rows = [before.row, hold.row];
    if (hold.zxid <= before.toZxid) {
      const title = `${hold.lock} has two holders at zxid ${zxidText(hold.zxid)}: ${before.node} and ${hold.node}`;
      wrong.push({ severity: 'violation', title, tell: `${tell} The first node was still there.`, rows });
    } else if (hold.token <= before.token) {
      const title = `${hold.lock} went from token ${zxidText(before.token)} to ${zxidText(hold.token)}`;
      wrong.push({ severity: 'violation', title, tell: `${tell} Tokens must rise.`, rows });
    } else if (history.returnedNs[hold.row]! < before.believedToNs) {
      const title = `two clients believed to hold ${hold.lock} from ${seconds(history.returnedNs[hold.row]!)} on`;
      const why =
        'In zxids the first had lost it before; its client had not been told yet. A holder must fence what it does (recipe hazard).';
      wrong.push({ severity: 'gap', title, tell: `${tell} ${why}`, rows });
    }
  }
  return wrong;
}

/** Writes under locks in zxid order, with the number of the turn they were made in. */
function fallingTokens({ history, root }: Evidence, account: Account): { seen: number; wrong: Wrong[] } {
  const { updates, byZxid, told } = account;
  const last = new Map<number, { token: number; row: number }>();
  const wrong: Wrong[] = [];
  let seen = 0;
  for (const i of byZxid) {
    const node = updates.node[i]!;
    const path = told.paths.names[node]!;
    if (updates.kind(i) !== setsData || !path.startsWith(`${root}${lockTree.guarded}/`)) continue;
    const token = Number(/^-?\d+/.exec(told.texts.text(updates.text(i)) ?? '')?.[0] ?? Number.NaN);
    const row = updates.row(i);
    const before = last.get(node);
    seen++;
    if (before && token < before.token) {
      wrong.push({
        severity: 'violation',
        title: `${path} was written with token ${token} at zxid ${zxidText(updates.zxid[i]!)}, behind token ${before.token}`,
        tell: `First ${opWords(history, before.row)}; behind it in zxids ${opWords(history, row)}. Its session had lost the lock by then, and what it had sent under it must have come before.`,
        rows: [before.row, row],
      });
    } else last.set(node, { token, row });
  }
  return { seen, wrong };
}
