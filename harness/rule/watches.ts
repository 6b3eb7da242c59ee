import type { History } from '../history/history.ts';
import { flagBits, type OpKind, opKinds, outcomes } from '../history/op.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import { errorCodes } from './tree/refusals.ts';
import { answer } from './tree/roles.ts';
import { Changes, type EventType, isAtOrBelow } from './watch/changes.ts';
import { type Table, type WatchBreach, Watcher } from './watch/watcher.ts';
import { count, finding, opWords, report, zxidText } from './words.ts';

const name = 'watches';

const kindAt = (kind: OpKind) => opKinds.indexOf(kind);
const kinds = {
  connect: kindAt('connect'),
  close: kindAt('close'),
  expired: kindAt('expired'),
  event: kindAt('event'),
  addWatch: kindAt('addWatch'),
  removeWatches: kindAt('removeWatches'),
  exists: kindAt('exists'),
};
const [ok, fail, unknown] = (['ok', 'fail', 'unknown'] as const).map((each) => outcomes.indexOf(each));
const eventTypes: ReadonlySet<string> = new Set<EventType>([
  'NodeCreated',
  'NodeDeleted',
  'NodeDataChanged',
  'NodeChildrenChanged',
]);
/** Reads that may set a watch, and where the server keeps it. */
const tables = new Map<number, Table>([
  [kindAt('exists'), 'data'],
  [kindAt('getData'), 'data'],
  [kindAt('getChildren'), 'child'],
]);
const removed: Record<string, readonly Table[]> = {
  data: ['data'],
  children: ['child'],
  any: ['data', 'child', 'persistent', 'persistentRecursive'],
};

/**
 * Answers and events of a connection in the order they arrived. A watch is set in the state its answer shows; it must
 * fire for the first change behind that, once, with the right type, and before any answer from a state with the change.
 * A client that reconnects sets its watches again, and the server compares: then one event stands for all that happened,
 * a node that came and went leaves none, and persistent watches are told nothing of the time in between (documented).
 */
export const watches: Rule = {
  name,
  about: 'every watch fires once, for a change that happened, before its client can see that change',
  guarantee: {
    quote:
      '"Watches are ordered with respect to other events, other watches, and asynchronous replies. The ZooKeeper client libraries ensures that everything is dispatched in order. A client will see a watch event for a znode it is watching before seeing the new data that corresponds to that znode. The order of watch events from ZooKeeper corresponds to the order of the updates as seen by the ZooKeeper service."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "What ZooKeeper Guarantees about Watches"',
  },
  cannotSee: [
    'in what order a client library hands events to its program: the order on the connection is judged',
    'a watch whose registration had no answer, or an answer without a zxid: it may fire, and nothing is asked of it',
  ],
  byDesign: [
    'after a reconnect the server compares: one event stands for all changes while the client was away',
    'a node that was created and deleted while the client was away leaves no event',
    'persistent watches are not told what happened while the client was away',
    'servers before 3.9 tell no zxid with an event (ZOOKEEPER-4655), so it is only checked that some change explains it',
  ],
  needs: ['reply-zxids'],
  judge(evidence: Evidence): Judgement {
    const account = accountOf(evidence);
    const watchers = follow(evidence, account);
    const all = [...watchers.values()];
    const sum = (of: (watcher: Watcher) => number) => all.reduce((total, each) => total + of(each), 0);
    const breaches = all.flatMap((watcher) => watcher.breaches).sort((a, b) => a.row - b.row);
    const { findings, more } = report(breaches, (breach) => write(evidence, account, breach));
    return {
      relevant: sum(({ set }) => set),
      seen: `${count(
        sum(({ set }) => set),
        'watch',
        'watches',
      )} set, ${count(
        sum(({ fired }) => fired),
        'event',
      )}${more}`,
      findings,
    };
  },
};

function write(evidence: Evidence, { told }: Account, { what, row, other, change, node }: WatchBreach) {
  const { history } = evidence;
  const path = told.paths.names[node]!;
  const session = history.session[row];
  const at = change && change.zxid > 0 ? ` at zxid ${zxidText(change.zxid)}` : '';
  const words = {
    late: [
      `session ${session} saw a state behind the change of ${path}${at} before its watch had fired`,
      `The change is ${change?.type}${at}. The answer: ${opWords(history, row)}. The event comes before the news.`,
    ],
    skipped: [
      `a watch of session ${session} on ${path} passed over ${change?.type}${at}`,
      `It fired later: ${opWords(history, row)}. A watch fires for the first change behind the state it was set in.`,
    ],
    stray: [
      `session ${session} was told ${change?.type} of ${path}${at} without having a watch there`,
      `The event: ${opWords(history, row)}. No watch was set since the last one fired.`,
    ],
    twice: [
      `session ${session} was told ${change?.type} of ${path}${at} twice`,
      `The event: ${opWords(history, row)}. A watch that stays fires once for each change.`,
    ],
    unfounded: [
      `session ${session} was told ${change?.type} of ${path}${at}, which did not happen`,
      `The event: ${opWords(history, row)}. No update, answered or not, can have been the reason.`,
    ],
    backward: [
      `session ${session} was told of changes in the wrong order: ${change?.type} of ${path}${at} came last`,
      `The event: ${opWords(history, row)}.`,
    ],
  }[what];
  const before = other >= 0 ? ` Before that: ${opWords(history, other)}.` : '';
  return finding(evidence, {
    rule: name,
    title: words[0]!,
    tell: words[1]! + before,
    rows: other >= 0 ? [other, row] : [row],
    atNs: history.returnedNs[row]!,
    zxids: change && change.zxid > 0 ? [change.zxid] : [],
  });
}

/** The watches of every session that had any. */
function follow({ history }: Evidence, account: Account): ReadonlyMap<number, Watcher> {
  const watchers = new Map<number, Watcher>();
  const interest = watchedIn(history, account);
  if (interest.nodes.size === 0) return watchers;
  const { names } = account.told.paths;
  const isWatched = (node: number) =>
    interest.nodes.has(node) || interest.tops.some((top) => isAtOrBelow(names[node]!, top));
  const changes = new Changes(account, isWatched);
  const { roles, sessions } = account;
  for (let row = 0; row < history.length; row++) {
    const place = sessions.placeOf[row]!;
    if (!interest.sessions.has(place)) continue;
    const watcher = watchers.get(place) ?? new Watcher(changes, names);
    watchers.set(place, watcher);
    const kind = history.kind[row]!;
    const node = history.path[row]!;
    const zxid = history.zxid[row]!;
    const outcome = history.outcome[row]!;
    if (kind === kinds.connect && outcome === ok) watcher.connected();
    else if (kind === kinds.expired) watcher.ended();
    else if (kind === kinds.event) {
      if (interest.nodes.has(node)) tellEvent(history, watcher, row);
    } else {
      // Its own ephemerals end with the close itself.
      const isClose = kind === kinds.close;
      if (roles[row]! >= answer) watcher.answered(isClose ? zxid - 1 : zxid, row);
      if (isClose && outcome === ok) watcher.ended();
      else if (interest.nodes.has(node) && setsWatch(history, row)) tellWatch(history, watcher, row, node);
      else if (kind === kinds.removeWatches && (outcome === ok || outcome === unknown)) {
        watcher.remove(removed[history.value(row) ?? 'any'] ?? [], node, outcome === ok);
      }
    }
  }
  return watchers;
}

function tellEvent(history: History, watcher: Watcher, row: number): void {
  const type = history.value(row) ?? '';
  if (!eventTypes.has(type)) return;
  watcher.event({ row, type: type as EventType, node: history.path[row]!, zxid: history.zxid[row]! });
}

function tellWatch(history: History, watcher: Watcher, row: number, node: number): void {
  const kind = history.kind[row]!;
  const outcome = history.outcome[row]!;
  const table = kind === kinds.addWatch ? (history.value(row) as Table) : tables.get(kind)!;
  const isAbsent = outcome === fail && kind === kinds.exists && history.error[row] === errorCodes.noNode;
  const zxid = history.zxid[row]!;
  if (outcome === unknown) watcher.mayRegister(table, node, false);
  else if ((outcome === ok || isAbsent) && zxid <= 0) watcher.mayRegister(table, node, true);
  else if (outcome === ok || isAbsent) watcher.register(table, node, zxid, row, isAbsent);
}

function setsWatch(history: History, row: number): boolean {
  const kind = history.kind[row]!;
  return kind === kinds.addWatch || (tables.has(kind) && (history.flags[row]! & flagBits.watch) !== 0);
}

/** What somebody watched, and who: the rest need not be looked at. */
function watchedIn(
  history: History,
  { sessions, told: { paths } }: Account,
): { nodes: ReadonlySet<number>; tops: readonly string[]; sessions: ReadonlySet<number> } {
  const nodes = new Set<number>();
  const tops = new Set<string>();
  const watching = new Set<number>();
  for (let row = 0; row < history.length; row++) {
    if (!paths.isInside(history.path[row]!)) continue;
    if (history.kind[row] !== kinds.event && !setsWatch(history, row)) continue;
    nodes.add(history.path[row]!);
    watching.add(sessions.placeOf[row]!);
    if (history.kind[row] === kinds.addWatch && history.value(row) === 'persistentRecursive') {
      tops.add(history.paths[history.path[row]!]!);
    }
  }
  return { nodes, tops: [...tops], sessions: watching };
}
