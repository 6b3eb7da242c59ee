import { sameTransaction } from '../datadir/transaction.ts';
import { epochOf, type Zxid } from '../history/op.ts';
import { originOnServers } from '../ledger/servers-clock.ts';
import { nodeName } from '../topology/topology.ts';
import { holesBetween } from './disk/pairs.ts';
import { type Disks, disksOf, notRecorded } from './disk/server-history.ts';
import { entryWords } from './disk/words.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { count, finding, listed, report, serverNames, zxidText } from './words.ts';

const name = 'logs-agree';

interface Wrong {
  title: string;
  tell: string;
  servers: number[];
  zxids: number[];
  severity?: 'gap';
}

/**
 * The transaction logs on the servers' disks are pieces of one history. What is checked of each, and why it must hold
 * even of proposals that were never committed:
 * one zxid is one transaction, in every log, because one leader makes all proposals of an epoch and counts them;
 * zxids rise within a log, because a server logs what it is sent in the order it is sent;
 * two logs that share a transaction share everything before it, back to where one of them took over a snapshot: a
 * server joins a leader by becoming its copy ("the leader will tell the follower to discard" what it has not seen), and
 * then logs every proposal in order. What stands behind the last shared transaction may differ: it was proposed and
 * perhaps never committed (Zab: Junqueira, Reed, Serafini, DSN 2011, "prefix" and "primary integrity").
 */
export const logsAgree: Rule = {
  name,
  about: 'the logs on all disks are one history: one zxid is one transaction, in order, none left out',
  guarantee: {
    quote:
      '"All proposals have a unique zxid, so unlike other protocols, we never have to worry about two different values being proposed for the same zxid; followers (a leader is also a follower) see and record proposals in order". "If message m has been written to non-volatile storage, all messages that were proposed before m have been written to non-volatile storage."',
    source: 'ZooKeeper Internals (zookeeperInternals.md), "Summary" and "Active Messaging"',
  },
  cannotSee: ['what a snapshot has replaced or autopurge has removed'],
  byDesign: [
    'a proposal that never found a quorum stays in the log of whoever wrote it, in front of a snapshot',
    'a learner that did not finish joining logs the same again (ZOOKEEPER-4394): a gap',
    'servers before 3.6 leave out the ephemerals of a closeSession',
  ],
  needs: ['server-disks'],
  judge(evidence: Evidence): Judgement {
    const disks = disksOf(evidence);
    if (!disks) return notRecorded;
    const { histories } = disks;
    const holes = holesIn(disks);
    const wrong = [
      ...twoFold(disks),
      ...outOfOrder(disks),
      ...runsOf(holes).map((run) => holeWords(disks, run)),
    ];
    wrong.sort((a, b) => a.zxids[0]! - b.zxids[0]!);
    const write = (each: Wrong) =>
      finding(evidence, { rule: name, ...each, atNs: atNs(evidence, disks, each.zxids[0]!) });
    const { findings, more } = report(wrong, write);
    const repeats = repeatsIn(disks).map(write);
    const damaged = histories.flatMap(({ server, damage }) =>
      damage === undefined
        ? []
        : `${nodeName(server.sid)}: ${damage}, so what it held behind that is not known`,
    );
    const logs = histories.filter(({ server }) => server.logs.some(({ records }) => records > 0));
    return {
      relevant: disks.at.size,
      seen: `${count(disks.at.size, 'transaction')} in the logs of ${count(logs.length, 'server')}${asides(disks, holes)}${more}`,
      findings: [...findings, ...repeats],
      ...(damaged.length > 0 && { inconclusive: damaged.join('; ') }),
    };
  },
};

/** The leader's clock dates a transaction; the harness counts from its own origin. */
function atNs({ origin, journal }: Evidence, { at }: Disks, zxid: number): number {
  const { wallMs } = originOnServers(origin, journal);
  return Math.max(0, (at.get(zxid)?.[0]?.transaction.timeMs ?? 0) - wallMs) * 1e6;
}

/** What is no breach but good to know. */
function asides({ at, histories }: Disks, holes: readonly Gap[]): string {
  const missing = new Set(holes.map(({ zxid }) => zxid));
  const given = [...at.keys()].filter(
    (zxid) => !missing.has(zxid) && histories.some(({ holding }) => holding(zxid) === 'missing'),
  ).length;
  const adopted = histories.flatMap(({ server }) => server.snapshots.filter((each) => each.adopted)).length;
  const repeats = histories.flatMap((history) => history.repeats).length;
  const torn = histories.flatMap(({ server }) => server.logs.filter(({ end }) => end.kind === 'torn')).length;
  const parts = [
    given > 0 ? `${given} of them proposed and given up` : '',
    adopted > 0 ? `${count(adopted, 'stretch', 'stretches')} known from a snapshot only` : '',
    torn > 0 ? `${count(torn, 'torn end')}` : '',
    repeats > 0 ? `${count(repeats, 'part')} logged twice` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? `; ${listed(parts)}` : '';
}

function twoFold({ at }: Disks): Wrong[] {
  return [...at.values()].flatMap((rows) => {
    const [first] = rows;
    const other = rows.find(({ transaction }) => !sameTransaction(transaction, first!.transaction));
    if (!other) return [];
    const { zxid } = first!.transaction;
    return {
      title: `zxid ${zxidText(zxid)} is one transaction on ${serverNames(first!.on)} and another on ${serverNames(other.on)}`,
      tell:
        `${has(first!.on)}: ${entryWords(first!.transaction)}. ${has(other.on)}: ${entryWords(other.transaction)}. ` +
        `Epoch ${epochOf(zxid as Zxid)} was used for two histories.`,
      servers: [...first!.on, ...other.on],
      zxids: [zxid],
    };
  });
}

const has = (sids: readonly number[]) => `${serverNames(sids)} ${sids.length > 1 ? 'have' : 'has'}`;

function outOfOrder({ histories }: Disks): Wrong[] {
  return histories.flatMap(({ server: { sid }, disorder }) =>
    disorder.map(({ before, then }) => ({
      title: `the log of ${nodeName(sid)} goes back from ${zxidText(before.zxid)} to ${zxidText(then.zxid)}`,
      tell: `It has ${entryWords(before)}, and behind that ${entryWords(then)}. A server that starts from this log applies them in that order.`,
      servers: [sid],
      zxids: [then.zxid, before.zxid],
    })),
  );
}

interface Gap {
  zxid: number;
  both: number;
  has: Set<number>;
  lacks: Set<number>;
}

function holesIn(disks: Disks): Gap[] {
  const gaps = new Map<number, Gap>();
  const { histories } = disks;
  for (const [i, one] of histories.entries()) {
    for (const other of histories.slice(i + 1)) {
      for (const hole of holesBetween(one, other)) {
        if (damagedOn(disks, hole.lacks)) continue;
        const gap = gaps.get(hole.zxid) ?? { ...hole, has: new Set(), lacks: new Set() };
        gap.has.add(hole.has);
        gap.lacks.add(hole.lacks);
        gaps.set(hole.zxid, gap);
      }
    }
  }
  return [...gaps.values()].sort((a, b) => a.zxid - b.zxid);
}

function holeWords({ at }: Disks, run: readonly Gap[]): Wrong {
  const { zxid, both, has, lacks } = run[0]!;
  const last = run.at(-1)!.zxid;
  const one = run.length === 1;
  const what = one
    ? `transaction ${zxidText(zxid)} is`
    : `${run.length} transactions from ${zxidText(zxid)} to ${zxidText(last)} are`;
  return {
    title: `${what} in the log of ${serverNames([...has])}, not of ${serverNames([...lacks])}, although all went on`,
    tell:
      `${one ? 'It is' : 'The first is'} ${entryWords(at.get(zxid)![0]!.transaction)}. All of them have ${zxidText(both)}, ` +
      'and whoever logged that must have logged everything before it, or have been told to discard it.',
    servers: [...has, ...lacks],
    zxids: one ? [zxid, both] : [zxid, last, both],
  };
}

/**
 * A learner that does not finish joining (ZOOKEEPER-4394 in 3.5.10, 3.6.3 to 3.8.6) is sent the same again when it tries
 * anew, and logs it again. A server that starts from such a log applies it twice, in order, and ends at the same tree.
 */
function repeatsIn({ histories }: Disks): Wrong[] {
  return histories.flatMap(({ server: { sid }, repeats }) => {
    const [first] = repeats;
    if (!first) return [];
    const times = repeats.length > 1 ? `, and ${count(repeats.length - 1, 'more time')} from there on` : '';
    return {
      title: `the log of ${nodeName(sid)} holds ${zxidText(first.from)} to ${zxidText(first.to)} once more${times}`,
      tell: 'The transactions are the same, and later ones follow: it joined a leader, was sent them, did not finish joining, and was sent them again.',
      servers: [sid],
      zxids: [first.from, first.to],
      severity: 'gap' as const,
    };
  });
}

const damagedOn = ({ histories }: Disks, sid: number) =>
  histories.some(({ server, damage }) => server.sid === sid && damage !== undefined);

/** Neighbours that the same servers have and lack, told as one. */
function runsOf(gaps: readonly Gap[]): Gap[][] {
  const runs: Gap[][] = [];
  const key = ({ has, lacks, both }: Gap) => `${[...has]} ${[...lacks]} ${both}`;
  for (const gap of gaps) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (before && before.zxid + 1 === gap.zxid && key(before) === key(gap)) run!.push(gap);
    else runs.push([gap]);
  }
  return runs;
}
