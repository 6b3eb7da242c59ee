import type { StoredServer } from '../datadir/stored-transactions.ts';
import { epochOf, type Zxid } from '../history/op.ts';
import { votersOf } from '../topology/quorum.ts';
import { nodeName } from '../topology/topology.ts';
import { disksOf, notRecorded, type ServerHistory } from './disk/server-history.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { count, finding, report, zxidText } from './words.ts';

const name = 'epochs-on-disk';

interface Wrong {
  sid: number;
  title: string;
  tell: string;
  zxid: number;
}

/**
 * A server promises an epoch before it follows its leader, and has that leader's history before it logs in the epoch:
 * so on its disk acceptedEpoch >= currentEpoch >= the epoch of its last zxid. A server that finds it otherwise does not
 * start. Until a first leader was followed, the files may be missing.
 */
export const epochsOnDisk: Rule = {
  name,
  about: 'on every disk: accepted epoch >= current epoch >= epoch of the last transaction',
  guarantee: {
    quote:
      '"The current epoch, ..., is older than the last zxid, ..."; "The accepted epoch, ... is less than the current epoch, ..." (why a server refuses to start). "Leadership activation will ensure that only one leader uses a given epoch".',
    source:
      'QuorumPeer.loadDataBase (3.4.14 to 3.9.5); ZooKeeper Internals (zookeeperInternals.md), "Guarantees, Properties, and Definitions"',
  },
  cannotSee: ['epochs in between: disks are read at the end'],
  byDesign: [
    'no epoch files before a first leader was followed',
    'the file of an epoch that was being changed when the server died',
  ],
  needs: ['server-disks'],
  judge(evidence: Evidence): Judgement {
    const disks = disksOf(evidence);
    if (!disks) return notRecorded;
    const { histories } = disks;
    if (votersOf(evidence.topology).length === 1 && evidence.topology.nodes.length === 1) {
      return { relevant: 1, seen: 'one standalone server, which keeps no epochs', findings: [] };
    }
    const wrong = histories.flatMap(wrongWith);
    const { findings, more } = report(wrong, ({ sid, title, tell, zxid }) =>
      finding(evidence, { rule: name, title, tell, servers: [sid], zxids: [zxid], atNs: endNs(evidence) }),
    );
    const told = histories.filter(({ server }) => server.epochs.current !== undefined);
    return {
      relevant: histories.length,
      seen: `the epochs of ${count(told.length, 'server')}: ${told.map(({ server }) => words(server)).join(', ')}${more}`,
      findings,
    };
  },
};

const endNs = ({ journal }: Evidence) => journal.at(-1)?.atNs ?? 0;

const words = ({ sid, epochs: { accepted, current } }: StoredServer) =>
  `${nodeName(sid)} ${current} (accepted ${accepted ?? 'none'})`;

function wrongWith({ server, last }: ServerHistory): Wrong[] {
  const { sid, epochs } = server;
  const { accepted, current } = epochs;
  const node = nodeName(sid);
  const wrong: Wrong[] = [];
  const say = (title: string, tell: string) => wrong.push({ sid, title, tell, zxid: last });
  for (const [file, value] of Object.entries({ acceptedEpoch: accepted, currentEpoch: current })) {
    if (typeof value === 'string')
      say(
        `${node}: ${file} is no number`,
        `It holds ${JSON.stringify(value)}; the server cannot start from it.`,
      );
  }
  const made = madeCurrent(server, last);
  if (made !== undefined && made < epochOf(last as Zxid)) {
    say(
      `${node}: the current epoch ${made} is older than its last zxid ${zxidText(last)}`,
      'It logged proposals of a leader whose history it had not made its own; it refuses to start like this.',
    );
  }
  if (typeof accepted === 'number' && typeof current === 'number' && accepted < current) {
    say(
      `${node}: the accepted epoch ${accepted} is less than the current epoch ${current}`,
      'It followed a leader of an epoch it had not promised itself to, so it could promise that epoch to another; it refuses to start like this.',
    );
  }
  return wrong;
}

/** The current epoch as a starting server would set it right when it had died while changing it. */
function madeCurrent(
  { epochs: { current, next, updating } }: StoredServer,
  last: number,
): number | undefined {
  if (typeof current !== 'number') return undefined;
  if (updating) return Math.max(current, epochOf(last as Zxid));
  return typeof next === 'number' ? Math.max(current, next) : current;
}
