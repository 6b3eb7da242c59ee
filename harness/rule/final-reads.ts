import { type Phase, phases, type Stat } from '../history/op.ts';
import { nodeName } from '../topology/topology.ts';
import type { Evidence } from './rule.ts';
import { absent, present } from './tree/sightings.ts';
import { toldOf } from './tree/tell.ts';
import { unsaid } from './tree/texts.ts';
import { listed } from './words.ts';

/** One node as one server shows it after everything has healed. */
export interface FinalNode {
  path: string;
  present: boolean;
  stat: Stat | null;
  /** Undefined when its data was not read. */
  data: string | null | undefined;
  children: ReadonlySet<string> | undefined;
  row: number;
}

/** The whole tree of the workload as one server shows it. */
export interface FinalTree {
  /** Path of its root. */
  root: string;
  phase: Phase;
  sid: number;
  /** Who read it: the last, where the first lost the server while reading. */
  session: number;
  /** The oldest state it was read from. */
  fromZxid: number;
  nodes: Map<string, FinalNode>;
}

/** Final phases a scenario must have. */
export function finalPhases({ scenario }: Evidence): Phase[] {
  return scenario.powerOff ? ['final', 'poweroff'] : ['final'];
}

/** What every server showed in the final reads, in order of phase and server; `missing` says which server was not read. */
export function finalTrees(evidence: Evidence): { trees: FinalTree[]; missing: string[] } {
  const { root, history, topology, scenario } = evidence;
  const wanted = finalPhases(evidence);
  const trees = new Map<string, FinalTree>();
  for (const phase of wanted) {
    for (const { sid } of topology.nodes) {
      if (scenario.outsiders?.includes(sid)) continue;
      trees.set(`${phase} ${sid}`, {
        ...{ root, phase, sid, session: 0, nodes: new Map() },
        fromZxid: Number.POSITIVE_INFINITY,
      });
    }
  }
  const { sightings, listings, paths } = toldOf(evidence);
  const isWanted = phases.map((phase) => wanted.includes(phase));
  const treeOf = (row: number) =>
    isWanted[history.phase[row]!]
      ? trees.get(`${phases[history.phase[row]!]} ${history.server[row]}`)
      : undefined;
  for (let i = 0; i < sightings.length; i++) {
    const seen = sightings.seen(i);
    const row = sightings.row(i);
    // What a list says of children is kept with the list.
    const isOwn = sightings.node[i] === history.path[row] && (seen === present || seen === absent);
    const tree = isOwn ? treeOf(row) : undefined;
    if (!tree) continue;
    const { nodes } = tree;
    const session = history.session[row]!;
    if (session < tree.session) continue;
    if (session > tree.session) {
      tree.session = session;
      tree.fromZxid = Number.POSITIVE_INFINITY;
      nodes.clear();
    }
    tree.fromZxid = Math.min(tree.fromZxid, sightings.zxid[i]!);
    const path = paths.names[sightings.node[i]!]!;
    const known = nodes.get(path);
    nodes.set(path, {
      path,
      present: seen === present,
      stat: (sightings.stat(i) < 0 ? null : history.stat(row)) ?? known?.stat ?? null,
      data: sightings.text(i) === unsaid ? known?.data : history.value(row),
      children: known?.children,
      row,
    });
  }
  for (const { row, node, names } of listings) {
    const tree = treeOf(row);
    const known = tree?.session === history.session[row] ? tree?.nodes.get(paths.names[node]!) : undefined;
    if (known) known.children = new Set(names);
  }
  const missing = [...trees.values()].filter(({ nodes }) => !nodes.has(root));
  return {
    trees: [...trees.values()].filter((tree) => !missing.includes(tree)),
    missing: missing.map(({ phase, sid }) => `${nodeName(sid)} was not read in phase "${phase}"`),
  };
}

export const whyIncomplete = (missing: readonly string[]) =>
  missing.length === 0 ? undefined : `${listed(missing)}: what it holds is not known`;

/** Whether a server holds a node: what it showed, or that no list of its parents has it; undefined when nobody looked. */
export function lookUp(
  tree: Pick<FinalTree, 'root' | 'nodes'>,
  path: string,
): FinalNode | 'absent' | undefined {
  const { root, nodes } = tree;
  const node = nodes.get(path);
  if (node) return node.present ? node : 'absent';
  const cut = path.lastIndexOf('/');
  const parent = path.slice(0, cut);
  if (!parent.startsWith(root)) return undefined;
  const above = nodes.get(parent);
  if (above?.present) {
    return above.children && !above.children.has(path.slice(cut + 1)) ? 'absent' : undefined;
  }
  if (above) return 'absent';
  return lookUp(tree, parent) === 'absent' ? 'absent' : undefined;
}
