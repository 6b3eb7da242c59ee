import type { History } from '../history/history.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { accountOf } from './tree/account.ts';
import { sortBy } from './tree/order.ts';
import { type Roles, write } from './tree/roles.ts';
import { count, finding, opWords, report, seconds, zxidText } from './words.ts';

const name = 'linearizable-writes';

interface Wrong {
  title: string;
  tell: string;
  rows: number[];
  zxids: number[];
}

/**
 * The zxid of a reply's header is where the operation stands in the one order of all updates. So: sort by zxid, replay
 * through the tree, compare every answer (values, versions, Stats, children, names, refusals); no two updates share a
 * zxid; and an update invoked after an answer had returned stands behind it. Writes without an answer join when
 * somebody saw them, and must account for every change nobody acknowledged.
 */
export const linearizableWrites: Rule = {
  name,
  about: 'all updates form one order, by zxid, that explains every answer and respects real time',
  guarantee: {
    quote:
      '"Write operations in ZooKeeper are linearizable. In other words, each write will appear to take effect atomically at some point between when the client issues the request and receives the corresponding response. This means that the writes performed by all the clients in ZooKeeper can be totally ordered in such a way that respects the real-time ordering of these writes." And: "Atomicity: Updates either succeed or fail -- there are no partial results."',
    source:
      'ZooKeeper Internals (zookeeperInternals.md) and programmer\'s guide (zookeeperprogrammers.md), "Consistency Guarantees" of both',
  },
  cannotSee: [
    'a write without an answer whose fate neither logs nor values tell: any lawful choice is granted it',
    'the state of nodes outside the tree of the scenario, and who else wrote there',
    'of clients that hide the zxids of replies: when exactly a refusal or a plain delete was decided',
    'a server that answers wrongly in a way no other answer contradicts',
  ],
  byDesign: [
    'a plain read may be old, as long as its own session has seen nothing newer',
    'ephemerals of a session that expired, containers and TTL nodes end by themselves, at a time nobody is told',
  ],
  judge(evidence: Evidence): Judgement {
    const { history } = evidence;
    const account = accountOf(evidence);
    const nonsense = account.told.nonsense.map(
      ({ row, why }): Wrong => ({
        title: why,
        tell: `The answer makes no sense: ${opWords(history, row)}.`,
        rows: [row],
        zxids: [history.zxid[row]!],
      }),
    );
    const contradictions = account.breaches.map(({ path, what, rows, zxid }): Wrong => {
      const last = rows.at(-1)!;
      const earlier = rows.length > 1 ? ` It contradicts ${opWords(history, rows[0]!)}.` : '';
      return {
        title: `${path} ${what}${where(evidence, last)} at zxid ${zxidText(zxid)}`,
        tell: `Seen by ${opWords(history, last)}.${earlier}`,
        rows,
        zxids: [...rows.map((row) => history.zxid[row]!).filter((z) => z > 0), zxid],
      };
    });
    const wrong = [
      ...nonsense,
      ...contradictions,
      ...sharedZxids(evidence, account.roles),
      ...againstTime(evidence),
    ];
    wrong.sort((a, b) => history.returnedNs[a.rows.at(-1)!]! - history.returnedNs[b.rows.at(-1)!]!);
    const { findings, more } = report(wrong, ({ title, tell, rows, zxids }) =>
      finding(evidence, { rule: name, title, tell, rows, zxids, atNs: history.returnedNs[rows.at(-1)!]! }),
    );
    const unseen = account.lost.filter(({ zxid }) => zxid === 0).length;
    return {
      relevant: account.acknowledged,
      seen:
        `${count(account.acknowledged, 'acknowledged update')}, ${count(account.told.sightings.length, 'sighting')} compared, ` +
        `${count(account.told.refusals, 'refusal')} explained, ` +
        `${count(account.logged.length + account.resolved.length, 'unanswered write')} known to be applied, ` +
        `${count(unseen, 'other')} may have been${more}`,
      findings,
    };
  },
};

const where = ({ history }: Evidence, row: number) =>
  history.server[row] === 0 ? '' : ` on server ${history.server[row]}`;

function writesByZxid(history: History, roles: Roles): Int32Array {
  let count = 0;
  const writes = new Int32Array(history.length);
  for (let row = 0; row < history.length; row++) if (roles[row] === write) writes[count++] = row;
  const rows = writes.subarray(0, count);
  sortBy(rows, history.zxid);
  return rows;
}

function sharedZxids({ history }: Evidence, roles: Roles): Wrong[] {
  const wrong: Wrong[] = [];
  let other = -1;
  for (const row of writesByZxid(history, roles)) {
    const zxid = history.zxid[row]!;
    const shared = other >= 0 && history.zxid[other] === zxid;
    const one = other;
    other = row;
    if (!shared) continue;
    wrong.push({
      title: `two transactions share zxid ${zxidText(zxid)} (servers ${history.server[one]} and ${history.server[row]})`,
      tell: `One is ${opWords(history, one)}; the other ${opWords(history, row)}. One zxid stands for one transaction, so there were two histories.`,
      rows: [one, row],
      zxids: [zxid],
    });
  }
  return wrong;
}

/** An update invoked after an answer had returned must stand behind the state that answer came from. */
function againstTime(evidence: Evidence): Wrong[] {
  const { history } = evidence;
  const { roles, time } = accountOf(evidence);
  const wrong: Wrong[] = [];
  for (let row = 0; row < history.length; row++) {
    if (roles[row] !== write) continue;
    const zxid = history.zxid[row]!;
    const earlier = time.floor(row);
    if (earlier < 0 || zxid > history.zxid[earlier]!) continue;
    const path = history.paths[history.path[row]!]!;
    wrong.push({
      title:
        `an update${path === '' ? '' : ` of ${path}`} stands at zxid ${zxidText(zxid)}, ` +
        `although ${zxidText(history.zxid[earlier]!)} had been answered before it was invoked`,
      tell:
        `The update is ${opWords(history, row)}. At ${seconds(history.returnedNs[earlier]!)} this had already returned: ` +
        `${opWords(history, earlier)}.`,
      rows: [earlier, row],
      zxids: [history.zxid[earlier]!, zxid],
    });
  }
  return wrong;
}
