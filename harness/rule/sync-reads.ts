import { type OpKind, opKinds } from '../history/op.ts';
import { faultSpans } from './fault-spans.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import { latestZxid } from './tree/place.ts';
import { answer } from './tree/roles.ts';
import { count, finding, opWords, report, seconds, zxidText } from './words.ts';

const name = 'sync-reads';

/**
 * How long an ensemble must have been quiet for a stale read to have no excuse, ns: a deposed leader and a log line about
 * the new one are seconds apart at most (Leader.lead looks at its quorum every half tick, learners wait syncLimit ticks).
 */
const settledNs = 10e9;

interface Stale {
  sync: number;
  read: number;
  /** The answer that had returned before the sync was asked for. */
  missed: number;
}

const kindAt = (kind: OpKind) => opKinds.indexOf(kind);
const [syncKind, connectKind] = [kindAt('sync'), kindAt('connect')];
const isRead = Uint8Array.from(opKinds, (kind) =>
  Number(kind === 'exists' || kind === 'getData' || kind === 'getChildren' || kind === 'getACL'),
);

/**
 * A sync and the reads behind it on one connection count as one operation that begins with the sync: it must show at
 * least what anybody had been told before. The leader answers a sync without asking its followers whether they still
 * follow (ZOOKEEPER-1675), so one that has been deposed and does not know it yet may leave a gap. That is documented, so
 * it is a finding of its own kind; under one settled leader and without a fault there is no such excuse.
 */
export const syncReads: Rule = {
  name,
  about:
    'a read behind a sync shows all that had been answered before the sync, except under a deposed leader',
  guarantee: {
    quote:
      '"If it is important that Client A and Client B read the same value, Client B should call the sync() method from the ZooKeeper API method before it performs its read."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "Consistency Guarantees"; ZOOKEEPER-1675',
  },
  cannotSee: [
    'reads without a sync before them on the same connection: they promise nothing about others',
    'answers that were on their way while the sync was sent',
  ],
  byDesign: [
    'the leader answers a sync without asking its followers (ZOOKEEPER-1675), so behind one that was deposed and does not know it a read may be old: a gap, and a breach only under one leader known for 10 s without any fault',
  ],
  needs: ['reply-zxids'],
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const { pairs, stale } = staleReads(evidence, accountOf(evidence));
    const { findings, more } = report(stale, ({ sync, read, missed }) => {
      const settled = isSettled(evidence, history.invokedNs[sync]!, history.returnedNs[read]!);
      return finding(evidence, {
        rule: name,
        severity: settled ? 'violation' : 'gap',
        title:
          `a read behind a sync shows zxid ${zxidText(history.zxid[read]!)}, ` +
          `although ${zxidText(history.zxid[missed]!)} had been answered before the sync`,
        tell:
          `At ${seconds(history.returnedNs[missed]!)} this had returned: ${opWords(history, missed)}. Then came ` +
          `${opWords(history, sync)} and behind it ${opWords(history, read)}. ` +
          (settled
            ? 'One leader had a quorum all the time, and it hands a sync on behind everything it has committed.'
            : 'A leader that has lost its quorum and does not know it yet answers a sync all the same: a documented gap (ZOOKEEPER-1675).'),
        rows: [missed, sync, read],
        atNs: history.returnedNs[read]!,
      });
    });
    return { relevant: pairs, seen: `${count(pairs, 'read')} behind a sync${more}`, findings };
  },
};

function staleReads(
  { history }: Evidence,
  { roles, sessions, time }: Account,
): { pairs: number; stale: Stale[] } {
  const synced = new Int32Array(sessions.all.length).fill(-1);
  const stale: Stale[] = [];
  let pairs = 0;
  for (const row of time.sent) {
    const place = sessions.placeOf[row]!;
    const kind = history.kind[row]!;
    if (kind === connectKind) synced[place] = -1;
    if (roles[row]! < answer) continue;
    if (kind === syncKind) synced[place] = row;
    const sync = synced[place]!;
    if (sync < 0 || isRead[kind] === 0 || history.server[sync] !== history.server[row]) continue;
    pairs++;
    const missed = time.floor(sync);
    if (missed < 0 || history.zxid[missed]! <= latestZxid(history, row)) continue;
    stale.push({ sync, read: row, missed });
    synced[place] = -1;
  }
  return { pairs, stale };
}

/** Whether one leader is known to have reigned alone for long before, and nothing was broken. */
function isSettled({ ledger, journal, lacks }: Evidence, fromNs: number, toNs: number): boolean {
  if (lacks['server-logs'] !== undefined || lacks['server-processes'] !== undefined) return false;
  const startNs = fromNs - settledNs;
  const reigns = ledger.reigns.filter(({ endedNs }) => (endedNs ?? Number.POSITIVE_INFINITY) > startNs);
  const [reign] = reigns;
  if (reigns.length !== 1 || reign!.sampled || reign!.establishedNs > startNs) return false;
  if ((reign!.endedNs ?? Number.POSITIVE_INFINITY) < toNs) return false;
  return faultSpans(journal).every(
    ({ intentNs = 0, healedNs = Number.POSITIVE_INFINITY }) => intentNs > toNs || healedNs < startNs,
  );
}
