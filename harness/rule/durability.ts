import type { History } from '../history/history.ts';
import { nodeName } from '../topology/topology.ts';
import { type FinalNode, type FinalTree, finalTrees, lookUp, whyIncomplete } from './final-reads.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import { checks, deletes, isEphemeral, isMortal, isSequential, setsAcl } from './tree/updates.ts';
import { count, finding, listed, opWords, report, seconds, zxidText } from './words.ts';

const name = 'durability';

/** The last thing known to have happened to a node. */
interface Last {
  path: string;
  zxid: number;
  row: number;
  acked: boolean;
  /** Nobody but the servers' logs tells of it: it may have been applied after the final reads. */
  logged?: boolean;
  /** Undefined: it must not exist. */
  value: string | null | undefined;
  /** It may be gone: its owner's session may have ended, a delete may have been applied unseen. */
  mayBeGone: boolean;
}

interface Lacking {
  last: Last;
  by: { tree: FinalTree; shows: string; row: number }[];
}

/** Every write that was acknowledged, or had no answer but was seen or logged, is on every server at the end. */
export const durability: Rule = {
  name,
  about: 'what was acknowledged is on every server after all faults, and again after all servers lost power',
  guarantee: {
    quote:
      '"Reliability: Once an update has been applied, it will persist from that time forward until a client overwrites the update. This guarantee has two corollaries: 1. If a client gets a successful return code, the update will have been applied. [...] 2. Any updates that are seen by the client, through a read request or successful update, will never be rolled back when recovering from server failures."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "Consistency Guarantees"',
  },
  cannotSee: [
    'what a disk loses that says it has written and has not: servers are killed, their machine keeps running',
    'access lists: linearizable-writes and replicas-identical look at these',
    'a write that a later one has replaced by the end: acknowledged-in-log looks for it',
  ],
  byDesign: [
    'a node may be gone when its session may have ended, when it is a container or has a TTL, or when a delete without an answer may have been done',
  ],
  judge(evidence: Evidence): Judgement {
    const account = accountOf(evidence);
    const { trees, missing } = finalTrees(evidence);
    const lasts = [...lastStates(account), ...undated(account)];
    const acked = writesIn(account);
    let unread = 0;
    const lacking: Lacking[] = [];
    for (const last of lasts) {
      const by: Lacking['by'] = [];
      for (const tree of trees) {
        if (last.logged && tree.fromZxid < last.zxid) continue;
        const found = lookUp(tree, last.path);
        if (found === undefined) unread++;
        const shows = found === undefined ? undefined : wrongWith(last, found);
        if (shows !== undefined) by.push({ tree, shows, row: typeof found === 'object' ? found.row : -1 });
      }
      if (by.length > 0) lacking.push({ last, by });
    }
    lacking.sort((a, b) => a.last.zxid - b.last.zxid);
    const { findings, more } = report(lacking, (each) => write(evidence, each));
    const reasons = [
      whyIncomplete(missing),
      unread > 0 ? `${count(unread, 'final read')} of nodes that were written are missing` : undefined,
    ].filter((reason) => reason !== undefined);
    return {
      relevant: trees.length === 0 ? Number(missing.length > 0 && acked > 0) : acked,
      seen: `${count(acked, 'acknowledged write')} on ${count(lasts.length, 'node')}, read back ${count(trees.length, 'time')}${more}`,
      findings,
      ...(reasons.length > 0 && { inconclusive: reasons.join('; ') }),
    };
  },
};

function write(evidence: Evidence, { last, by }: Lacking) {
  const { history } = evidence;
  const { row, zxid, path, acked } = last;
  const places = by.map(({ tree, shows }) => `${nodeName(tree.sid)} (${tree.phase}) ${shows}`);
  const atNs = acked ? history.returnedNs[row]! : history.invokedNs[row]!;
  const when = acked ? `was acknowledged at ${seconds(atNs)}` : 'had no answer but was applied';
  return finding(evidence, {
    rule: name,
    title: `${lostWhat(history, last)} ${path} at zxid ${zxidText(zxid)} is missing on ${listed(servers(by).map(nodeName))}`,
    tell: `The write of session ${history.session[row]} ${when}: ${opWords(history, row)}. In the final reads ${listed(places)}.`,
    rows: [row, ...by.map((each) => each.row).filter((each) => each >= 0)],
    servers: servers(by),
    zxids: [zxid],
    atNs,
  });
}

const servers = (by: Lacking['by']) => [...new Set(by.map(({ tree }) => tree.sid))];

function lostWhat(history: History, { row, value, acked, logged }: Last): string {
  const kind = value === undefined ? 'delete' : `write "${String(value).slice(0, 40)}"`;
  return `${acked ? 'acknowledged' : logged ? 'logged' : 'observed'} ${kind} (session ${history.session[row]}) of`;
}

/** What is wrong with a node as a server shows it, as it reads after the server's name. */
function wrongWith(last: Last, found: FinalNode | 'absent'): string | undefined {
  if (found === 'absent') {
    return last.value === undefined || last.mayBeGone ? undefined : 'does not have the node';
  }
  const { stat, data } = found;
  if (last.value === undefined) {
    if (stat && stat.czxid > last.zxid) return undefined;
    return 'still has the node';
  }
  if (stat && stat.mzxid > last.zxid) return undefined;
  if (stat && stat.mzxid < last.zxid) {
    return `shows ${JSON.stringify(data ?? null)} of zxid ${zxidText(stat.mzxid)}`;
  }
  const same = data === undefined || (data ?? '') === (last.value ?? '');
  return same ? undefined : `shows ${JSON.stringify(data)} at that zxid`;
}

function writesIn({ updates, acknowledged }: Account): number {
  let writes = 0;
  for (let i = 0; i < acknowledged; i++) if (updates.kind(i) !== checks) writes++;
  return writes;
}

/** The last change of each node, its access list aside. */
function lastUpdates({ updates, byZxid, told: { paths } }: Account): number[] {
  const lasts = new Int32Array(paths.length).fill(-1);
  for (const i of byZxid) {
    const kind = updates.kind(i);
    if (kind !== checks && kind !== setsAcl) lasts[updates.node[i]!] = i;
  }
  return [...lasts.filter((i) => i >= 0)];
}

/** Nodes whose create was answered by a client that hides zxids, and that nobody has seen since. */
function undated({ lost, updates: known }: Account): Last[] {
  const unseen = lost.filter(({ done, zxid }) => done && zxid === 0);
  if (unseen.length === 0) return [];
  const deleted = new Set(
    lost.flatMap(({ updates }) => updates.flatMap(({ kind, path }) => (kind === 'delete' ? path : []))),
  );
  for (let i = 0; i < known.length; i++) if (known.kind(i) === deletes) deleted.add(known.at(i).path);
  return unseen.flatMap(({ row, after, updates }) =>
    updates
      .filter((update) => update.kind === 'create' && !isSequential(update))
      .map((update): Last => {
        const mayBeGone = isEphemeral(update) || isMortal(update) || deleted.has(update.path);
        return { path: update.path, zxid: after, row, acked: true, value: update.value, mayBeGone };
      }),
  );
}

function lastStates(account: Account): Last[] {
  const { sessions, lost, acknowledged, logged } = account;
  const unseenDeletes = new Map<string, number>();
  for (const { zxid, before, updates: parts } of lost) {
    for (const { kind, path } of parts) {
      if (zxid !== 0 || kind !== 'delete') continue;
      unseenDeletes.set(path, Math.max(before, unseenDeletes.get(path) ?? 0));
    }
  }
  return lastUpdates(account).map((i): Last => {
    const { zxid, row, kind, value, path, mode, node } = account.updates.at(i);
    const isLogged = i >= acknowledged && i < acknowledged + logged.length;
    const base = { path, zxid, row, acked: i < acknowledged, logged: isLogged };
    if (kind === 'delete') return { ...base, value: undefined, mayBeGone: true };
    const life = account.lives[node]?.findLast(({ bornUpTo }) => bornUpTo <= zxid);
    const ephemeral =
      (kind === 'create' && isEphemeral({ mode })) || (life !== undefined && life.ownerId !== '0');
    const { ownerSession, ownerId = '0' } = life ?? {};
    const session = ownerSession === undefined ? sessions.owning(ownerId) : sessions.of(ownerSession);
    if (ephemeral && session && session.closeZxid > zxid) {
      // Deleted by the end of its session, which was acknowledged.
      return {
        ...base,
        zxid: session.closeZxid,
        row: session.closeRow,
        acked: true,
        value: undefined,
        mayBeGone: true,
      };
    }
    const mayBeGone = ephemeral || life?.mortal === true || (unseenDeletes.get(path) ?? 0) > zxid;
    return { ...base, value, mayBeGone };
  });
}
