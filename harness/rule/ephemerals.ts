import { finalPhases, finalTrees, whyIncomplete } from './final-reads.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import { hasSurelyEnded, type SessionLife } from './tree/sessions.ts';
import { creates, isEphemeral } from './tree/updates.ts';
import { count, finding, onServer, opWords, report, seconds, serverNames, zxidText } from './words.ts';

const name = 'ephemerals';

interface Wrong {
  title: string;
  tell: string;
  rows: number[];
  servers?: number[];
  atNs: number;
}

/** An ephemeral lives as long as its session: never longer, on any server, and never shorter unless somebody deletes it. */
export const ephemerals: Rule = {
  name,
  about: 'an ephemeral exists exactly as long as its session, on every server',
  guarantee: {
    quote:
      '"ZooKeeper also has the notion of ephemeral nodes. These znodes exists as long as the session that created the znode is active. When the session ends the znode is deleted."',
    source: 'Programmer\'s guide (zookeeperProgrammers.md), "Ephemeral Nodes"',
  },
  cannotSee: [
    'owners other than the recorded sessions',
    'when exactly an expired session ended, where no answer tells',
  ],
  byDesign: [
    'a session that was told to have expired counts as ended when one leader has led for twice its timeout since: each leader starts it anew, and one that was frozen or cut off tells it of sessions that live on',
  ],
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const account = accountOf(evidence);
    const owners = ownersIn(account);
    const { trees, missing } = finalTrees(evidence);
    const outlived = outlivers(evidence, trees);
    const vanished = account.breaches
      .filter(({ ephemeral }) => ephemeral)
      .map(({ path, what, rows, zxid }): Wrong => {
        const last = rows.at(-1)!;
        const before = rows.length > 1 ? ` Before that: ${opWords(history, rows[0]!)}.` : '';
        return {
          title: `ephemeral ${path} ${what}${onServer(history, last)} at zxid ${zxidText(zxid)}`,
          tell: `Seen by ${opWords(history, last)}.${before} Its session was alive, and nobody deleted it.`,
          rows,
          atNs: history.returnedNs[last]!,
        };
      });
    const wrong = [...vanished, ...outlived].sort((a, b) => a.atNs - b.atNs);
    const { findings, more } = report(wrong, (each) => finding(evidence, { rule: name, ...each }));
    const created = owners.length;
    const ended = [...new Set(owners)].filter((session) => hasEnded(account.sessions.of(session))).length;
    const reason = whyIncomplete(missing);
    return {
      relevant: created,
      seen: `${count(created, 'ephemeral')} of ${count(new Set(owners).size, 'session')}, ${ended} of them ended${more}`,
      findings,
      ...(reason !== undefined && { inconclusive: reason }),
    };
  },
};

/** The session of each ephemeral that was created. */
function ownersIn({ updates }: Account): number[] {
  const owners: number[] = [];
  for (let i = 0; i < updates.length; i++) {
    if (updates.kind(i) === creates && isEphemeral({ mode: updates.mode(i) }))
      owners.push(updates.sessionOf(i));
  }
  return owners;
}

const hasEnded = ({ closeZxid, expiredNs }: SessionLife) => closeZxid > 0 || expiredNs !== undefined;

/** Ephemerals in the final reads whose session was closed, or had expired, before. */
function outlivers(evidence: Evidence, trees: ReturnType<typeof finalTrees>['trees']): Wrong[] {
  const { history } = evidence;
  const { sessions, epochs } = accountOf(evidence);
  const byPath = new Map<string, { life: SessionLife; rows: number[]; servers: number[] }>();
  for (const phase of finalPhases(evidence)) {
    for (const tree of trees.filter((each) => each.phase === phase)) {
      for (const { present, stat, path, row } of tree.nodes.values()) {
        if (!present || !stat || stat.ephemeralOwner === '0') continue;
        const life = sessions.owning(stat.ephemeralOwner);
        if (!life || !hasSurelyEnded(life, history.zxid[row]!, history.invokedNs[row]!, epochs)) continue;
        const known = byPath.get(path);
        if (known) {
          known.rows.push(row);
          known.servers.push(tree.sid);
        } else byPath.set(path, { life, rows: [row], servers: [tree.sid] });
      }
    }
  }
  return [...byPath].map(([path, { life, rows, servers }]): Wrong => {
    const end = life.closeZxid > 0 ? life.closeRow : life.expiredRow;
    const how = life.closeZxid > 0 ? `was closed at zxid ${zxidText(life.closeZxid)}` : 'had expired';
    return {
      title: `ephemeral ${path} outlived session ${life.session} on ${serverNames([...new Set(servers)])}`,
      tell: `Session ${life.session} (${life.id}) ${how} at ${seconds(history.returnedNs[end]!)}, yet the final reads show its node, first ${opWords(history, rows[0]!)}.`,
      rows: [end, ...rows],
      servers: [...new Set(servers)],
      atNs: history.returnedNs[end]!,
    };
  });
}
