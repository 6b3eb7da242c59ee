import { type Phase, phases, type Stat } from '../history/op.ts';
import { nodeName } from '../topology/topology.ts';
import { root } from '../workload/workload.ts';
import type { Evidence } from './rule.ts';
import { tellReads } from './tree/updates.ts';
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

/** The whole tree as one server shows it. */
export interface FinalTree {
  phase: Phase;
  sid: number;
  nodes: Map<string, FinalNode>;
}

/** Final phases a scenario must have. */
export function finalPhases({ scenario }: Evidence): Phase[] {
  return scenario.powerOff ? ['final', 'poweroff'] : ['final'];
}

/** What every server showed in the final reads, in order of phase and server; `missing` says which server was not read. */
export function finalTrees(evidence: Evidence): { trees: FinalTree[]; missing: string[] } {
  const { history, topology } = evidence;
  const wanted = finalPhases(evidence);
  const trees = new Map<string, FinalTree>();
  for (const phase of wanted) {
    for (const { sid } of topology.nodes) trees.set(`${phase} ${sid}`, { phase, sid, nodes: new Map() });
  }
  const { sightings, listings } = tellReads(history, (row) => wanted.includes(phases[history.phase[row]!]!));
  const treeOf = (row: number) => trees.get(`${phases[history.phase[row]!]} ${history.server[row]}`);
  for (const { row, path, seen, stat, data } of sightings) {
    const nodes = treeOf(row)?.nodes;
    const known = nodes?.get(path);
    nodes?.set(path, {
      path,
      present: seen === 'present',
      stat: stat ?? known?.stat ?? null,
      data: data === undefined ? known?.data : data,
      children: known?.children,
      row,
    });
  }
  for (const { row, path, names } of listings) {
    const node = treeOf(row)?.nodes.get(path);
    if (node) node.children = new Set(names);
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
export function lookUp({ nodes }: FinalTree, path: string): FinalNode | 'absent' | undefined {
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
  return lookUp({ nodes } as FinalTree, parent) === 'absent' ? 'absent' : undefined;
}
