import type { Contradictions } from './contradictions.ts';
import { NodeReplay, type Setting } from './node-replay.ts';
import type { SessionLife } from './sessions.ts';

/** Updates and sightings in the order of their zxids. */
export interface ZxidOrder {
  updates: Int32Array;
  sightings: Int32Array;
}

/**
 * Replays all nodes at once, in zxid order: what is said of one zxid lies together in memory, what is said of one node
 * does not. At one zxid updates come first, then the ends of sessions, then what was seen of the state after them.
 * Returns the nodes by their numbers.
 */
export function replayNodes(
  order: ZxidOrder,
  setting: Omit<Setting, 'endWith'>,
  found: Contradictions,
): readonly NodeReplay[] {
  const { updates, sightings } = setting.told;
  const ephemeralsOf = new Map<number, Set<NodeReplay>>();
  const endWith = (session: number, node: NodeReplay) => {
    const there = ephemeralsOf.get(session);
    if (there) there.add(node);
    else ephemeralsOf.set(session, new Set([node]));
  };
  const whole = { ...setting, endWith };
  const nodes: NodeReplay[] = [];
  const nodeAt = (node: number) => (nodes[node] ??= new NodeReplay(node, whole, found));
  const closings = closingsOf(setting.sessions.all);
  for (let i = 0, j = 0, k = 0; ; ) {
    const update = i < order.updates.length ? updates.zxid[order.updates[i]!]! : Infinity;
    const sighting = j < order.sightings.length ? sightings.zxid[order.sightings[j]!]! : Infinity;
    const closing = k < closings.length ? closings[k]!.closeZxid : Infinity;
    if (update <= sighting && update <= closing) {
      if (update === Infinity) break;
      const at = order.updates[i++]!;
      nodeAt(updates.node[at]!).update(updates, at);
    } else if (closing <= sighting) {
      const { session, closeZxid, closeRow } = closings[k++]!;
      for (const node of ephemeralsOf.get(session) ?? []) node.endOfSession(session, closeZxid, closeRow);
    } else {
      const at = order.sightings[j++]!;
      nodeAt(sightings.node[at]!).sighting(sightings, at);
    }
  }
  for (const node of nodes) node?.settle();
  return nodes;
}

function closingsOf(all: readonly SessionLife[]): SessionLife[] {
  return all.filter(({ closeZxid }) => closeZxid > 0).sort((a, b) => a.closeZxid - b.closeZxid);
}
