import { isQuorum } from '../topology/quorum.ts';
import { claimsOf } from './disk/claims.ts';
import type { Fate } from './disk/fates.ts';
import { type Disks, disksOf, notRecorded, type ServerHistory } from './disk/server-history.ts';
import { contradiction } from './disk/snapshots.ts';
import { type Claim, strangerTo } from './disk/stranger.ts';
import { entryWords } from './disk/words.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import type { Update } from './tree/updates.ts';
import { count, finding, listed, opWords, report, serverNames, zxidText } from './words.ts';

const name = 'acknowledged-in-log';

/** What the servers' disks say of one claim. */
interface Found {
  claim: Claim;
  /** In these logs as the client was told. */
  logged: number[];
  /** Below a snapshot that these took over and that does not contradict it. */
  inSnapshot: number[];
  unknown: number[];
  /** Had not got that far. */
  behind: number[];
  /** Where something is wrong, and what, in a sentence that names `the servers`. */
  wrong: { sid: number; what: string }[];
}

/**
 * Whoever got an answer can find its transaction on the servers' disks: on a quorum of voters, and on every server whose
 * log went on beyond it, as that client's request, with its path and data. A server that took over a snapshot instead
 * must show the effect in it. Writes without an answer are looked up the same way, and what became of them is counted.
 */
export const acknowledgedInLog: Rule = {
  name,
  about: 'every acknowledged write is in the logs of a quorum, and of every server that went on beyond it',
  guarantee: {
    quote:
      '"Proposals are sent to all ZooKeeper servers and committed when a quorum of them acknowledge the proposal. [...] Acknowledgement means the server has recorded the proposal to persistent storage."',
    source: 'ZooKeeper Internals (zookeeperInternals.md), "Guarantees, Properties, and Definitions"',
  },
  cannotSee: [
    'whether it was on the disk before the answer: disks are read at the end',
    'below a snapshot that was taken over: anything but the last change of a node',
  ],
  byDesign: ['a server that is behind lacks what a quorum has: it will get it when it joins'],
  needs: ['server-disks'],
  judge(evidence: Evidence): Judgement {
    const disks = disksOf(evidence);
    if (!disks) return notRecorded;
    const account = accountOf(evidence);
    const all = claimsOf(evidence).map((claim) => look(evidence, disks, account, claim));
    const lost = all.filter((found) => isLost(evidence, found));
    lost.sort((a, b) => a.claim.zxid - b.claim.zxid);
    const { findings, more } = report(lost, (found) => write(evidence, found));
    const damaged = disks.histories.filter(({ damage }) => damage !== undefined);
    const unknown = all.filter((found) => found.unknown.length > 0).length;
    return {
      relevant: all.length,
      seen: `${seenIn(all, disks)}; ${fatesIn(account)}${more}`,
      findings,
      ...(unknown > 0 && {
        inconclusive: `${count(unknown, 'answer')} cannot be looked up on ${serverNames(damaged.map(({ server }) => server.sid))}: ${damaged[0]!.damage}`,
      }),
    };
  },
};

function look(evidence: Evidence, disks: Disks, account: Account, claim: Claim): Found {
  const found: Found = { claim, logged: [], inSnapshot: [], unknown: [], behind: [], wrong: [] };
  for (const history of disks.histories) {
    const { sid } = history.server;
    const kind = history.holding(claim.zxid);
    if (kind === 'missing') {
      found.wrong.push({ sid, what: `${theServers} went on to ${zxidText(history.last)} without it.` });
      continue;
    }
    const what =
      kind === 'logged'
        ? wrongInLog(evidence, disks, account, claim, sid)
        : kind === 'inSnapshot'
          ? wrongInSnapshot(disks, account, claim, history)
          : undefined;
    if (what === undefined) found[kind].push(sid);
    else found.wrong.push({ sid, what });
  }
  return found;
}

function wrongInLog(evidence: Evidence, { at }: Disks, { sessions }: Account, claim: Claim, sid: number) {
  const { transaction } = at.get(claim.zxid)!.find(({ on }) => on.includes(sid))!;
  const strange = strangerTo(evidence, sessions, claim, transaction);
  return strange && `On ${theServers} this is ${entryWords(transaction)}: ${strange}.`;
}

function wrongInSnapshot({ stored }: Disks, { told }: Account, claim: Claim, history: ServerHistory) {
  if (claim.because === 'refused') return undefined;
  const snapshot = history.snapshotOf(claim.zxid);
  const place = { sid: history.server.sid, snapshot };
  const [what] = lasting(claim.updates).flatMap(
    (update) => contradiction(stored, place, update, told.lost) ?? [],
  );
  return what && `The snapshot of zxid ${zxidText(snapshot)} that ${theServers} took over ${what}.`;
}

/** Servers that are behind are no breach as long as a quorum has it: the others will get it from them. */
function isLost({ topology }: Evidence, { logged, inSnapshot, unknown, wrong }: Found): boolean {
  return wrong.length > 0 || !isQuorum(topology, new Set([...logged, ...inSnapshot, ...unknown]));
}

const theServers = '{the servers}';

/** What several servers have wrong alike is told once. */
function wrongWords(wrong: Found['wrong']): string[] {
  const whats = [...new Set(wrong.map(({ what }) => what))];
  return whats.map((each) =>
    each.replace(theServers, serverNames(wrong.flatMap(({ sid, what }) => (what === each ? [sid] : [])))),
  );
}

function write(evidence: Evidence, found: Found) {
  const { history } = evidence;
  const { claim, logged, inSnapshot, behind, wrong } = found;
  const { row, zxid, because } = claim;
  const path = history.paths[history.path[row]!] || 'several nodes';
  const lacking = wrong.length > 0 ? wrong.map(({ sid }) => sid) : behind;
  const holders = [...logged, ...inSnapshot].sort((a, b) => a - b);
  const what = { acknowledged: 'acknowledged write', refused: 'refused write', seen: 'observed write' }[
    because
  ];
  const sentences = [
    `The request: ${opWords(history, row)}.`,
    ...wrongWords(wrong),
    behind.length > 0
      ? `${serverNames(behind)} ${behind.length > 1 ? 'have' : 'has'} nothing that late.`
      : '',
    holders.length > 0
      ? `${serverNames(holders)} ${holders.length > 1 ? 'have' : 'has'} it.`
      : 'No server has it.',
  ];
  return finding(evidence, {
    rule: name,
    title: `${what} (session ${history.session[row]}) of ${path} at zxid ${zxidText(zxid)} is not on the disk of ${serverNames(lacking)}`,
    tell: sentences.filter((sentence) => sentence !== '').join(' '),
    rows: [row],
    servers: lacking,
    zxids: [zxid],
    atNs: history.returnedNs[row]!,
  });
}

function seenIn(all: readonly Found[], { histories }: Disks): string {
  const of = (because: Claim['because']) => all.filter(({ claim }) => claim.because === because).length;
  const only = all.filter(({ logged, inSnapshot }) => logged.length === 0 && inSnapshot.length > 0).length;
  const parts = [
    count(of('acknowledged'), 'acknowledged write'),
    `${count(of('refused'), 'refusal')} looked up on ${count(histories.length, 'disk')}`,
    ...(only > 0 ? [`${only} of them only in snapshots`] : []),
  ];
  return listed(parts);
}

/** What became of the writes nobody answered. */
function fatesIn({ fates }: Account): string {
  const words: Record<Fate, string> = {
    applied: 'applied',
    refused: 'refused',
    givenUp: 'proposed and given up',
    never: 'never logged',
    undecided: 'undecided',
  };
  const met = [...fates.values()];
  const told = Object.entries(words).flatMap(([fate, word]) => {
    const n = met.filter((each) => each.fate === fate).length;
    return n > 0 ? [`${n} ${word}`] : [];
  });
  return `${count(met.length, 'unanswered write')}${told.length > 0 ? `: ${listed(told)}` : ''}`;
}

/** Of several parts of a multi about one node the last is the one whose effect stays. */
function lasting(updates: readonly Update[]): Update[] {
  const changes = updates.filter(({ kind }) => kind !== 'check');
  return changes.filter(({ path }, i) => !changes.slice(i + 1).some((later) => later.path === path));
}
