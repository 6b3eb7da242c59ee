import type { Stat } from '../history/op.ts';
import { nodeName } from '../topology/topology.ts';
import { type FinalNode, type FinalTree, finalTrees, lookUp, whyIncomplete } from './final-reads.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { accountOf } from './tree/account.ts';
import { count, finding, report } from './words.ts';

const name = 'replicas-identical';

interface Difference {
  path: string;
  one: FinalTree;
  other: FinalTree;
  what: string;
}

const statFields = [
  'czxid',
  'mzxid',
  'pzxid',
  'version',
  'cversion',
  'aversion',
  'ephemeralOwner',
  'dataLength',
  'numChildren',
  'ctimeMs',
  'mtimeMs',
] as const satisfies readonly (keyof Stat)[];

/** What a parent's Stat and list say of its children. */
const ofChildren: readonly (keyof Stat)[] = ['pzxid', 'cversion', 'numChildren'];

/** After the heal all servers show the same tree: names, data, whole Stats, children. */
export const replicasIdentical: Rule = {
  name,
  about: 'after the heal every server holds the same tree: data, full Stats and children',
  guarantee: {
    quote:
      '"Since the messaging layer is atomic, ZooKeeper can guarantee that the local replicas never diverge." "If a message is delivered before message b by one server, a will be delivered before b by all servers."',
    source:
      'Overview (zookeeperOver.md), "Implementation"; ZooKeeper Internals (zookeeperInternals.md), "Guarantees, Properties, and Definitions"',
  },
  cannotSee: [
    'whether the tree that all share is the right one: durability does',
    'the entries of access lists beyond their version, and the sessions a server holds',
  ],
  byDesign: [],
  judge(evidence: Evidence): Judgement {
    const { trees, missing } = finalTrees(evidence);
    const mortal = mortalsIn(evidence);
    const losesMortals = new Set([...mortal].map((path) => path.slice(0, path.lastIndexOf('/'))));
    const differences: Difference[] = [];
    let compared = 0;
    let unread = 0;
    for (const phase of new Set(trees.map((tree) => tree.phase))) {
      const [first, ...others] = trees.filter((tree) => tree.phase === phase);
      for (const other of others) {
        const paths = new Set([...first!.nodes.keys(), ...other.nodes.keys()]);
        compared += paths.size;
        for (const path of paths) {
          const [here, there] = [lookUp(first!, path), lookUp(other, path)];
          if (!isRead(here) || !isRead(there)) unread++;
          if (mortal.has(path) && (here === 'absent' || there === 'absent')) continue;
          const what = differenceOf(here, there, losesMortals.has(path));
          if (what !== undefined) differences.push({ path, one: first!, other, what });
        }
      }
      if (others.length === 0) compared += first!.nodes.size;
    }
    const { findings, more } = report(differences, ({ path, one, other, what }) => {
      const rows = [one, other].flatMap(({ nodes }) => nodes.get(path)?.row ?? []);
      return finding(evidence, {
        rule: name,
        title: `${path} differs between ${nodeName(one.sid)} and ${nodeName(other.sid)}: ${what}`,
        tell: `Read in phase "${one.phase}", after all faults had healed and every session of the workload had ended, so nothing should change any more: ${what}.`,
        rows,
        servers: [one.sid, other.sid],
        atNs: Math.max(0, ...rows.map((row) => evidence.history.returnedNs[row]!)),
      });
    });
    const reasons = [
      whyIncomplete(missing),
      unread > 0 ? `${count(unread, 'node')} of one server were not read on another` : undefined,
    ].filter((reason) => reason !== undefined);
    return {
      relevant: trees.length === 0 ? Number(missing.length > 0) : compared,
      seen: `${count(compared, 'node')} compared over ${count(trees.length, 'tree')}${more}`,
      findings,
      ...(reasons.length > 0 && { inconclusive: reasons.join('; ') }),
    };
  },
};

type Shown = ReturnType<typeof lookUp>;

/** Both its data and its children were asked for, or it is known not to be there. */
const isRead = (shown: Shown) =>
  shown === 'absent' || (shown !== undefined && shown.data !== undefined && shown.children !== undefined);

/**
 * Containers and TTL nodes that clients created; no Stat tells them from others. The leader may delete them at any time,
 * so also between the reading of one server and the next.
 */
function mortalsIn(evidence: Evidence): Set<string> {
  const { lives, told } = accountOf(evidence);
  const paths = new Set<string>();
  for (const [node, its] of lives.entries()) {
    if (its?.some(({ mortal }) => mortal)) paths.add(told.paths.names[node]!);
  }
  return paths;
}

/** `losesChildren`: on its own, so what is told of them may differ. */
function differenceOf(one: Shown, other: Shown, losesChildren: boolean): string | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one === 'absent' || other === 'absent') {
    if (one === other) return undefined;
    return one === 'absent' ? 'the first does not have it' : 'the second does not have it';
  }
  if (one.data !== undefined && other.data !== undefined && one.data !== other.data) {
    return `data ${JSON.stringify(one.data)} and ${JSON.stringify(other.data)}`;
  }
  const fields = losesChildren ? statFields.filter((each) => !ofChildren.includes(each)) : statFields;
  const field = fields.find((each) => one.stat?.[each] !== other.stat?.[each]);
  if (field) return `${field} ${shown(one.stat, field)} and ${shown(other.stat, field)}`;
  if (losesChildren || !one.children || !other.children) return undefined;
  const names = ({ children }: FinalNode) => [...(children ?? [])].sort().join(' ');
  return names(one) === names(other) ? undefined : 'the lists of children are not the same';
}

function shown(stat: Stat | null, field: keyof Stat): string {
  const value = stat?.[field];
  return field.endsWith('zxid') && typeof value === 'number' ? `0x${value.toString(16)}` : String(value);
}
