import { unsaid } from './texts.ts';
import type { Told } from './told.ts';
import { isSequential, type Lost, type Update, withoutSuffix } from './updates.ts';

/** A sighting of a node that some lost write may have changed: what was seen, and at which Stat. */
interface Clue {
  node: number;
  stat: number;
  text: number;
}

interface Offer {
  owner: Lost;
  update: Update;
}

/**
 * Finds the zxid of writes without an answer in what others saw: a value that only one such write carries, or a change
 * that only one of them can have made. They become updates like all others. What stays ambiguous is left alone.
 * `byZxid`: the acknowledged updates in zxid order.
 */
export function resolveLost(told: Told, byZxid: Int32Array): Update[] {
  if (told.lost.length === 0) return [];
  return new Resolver(told, byZxid).resolve();
}

class Resolver {
  private readonly told: Told;
  private readonly byZxid: Int32Array;
  /** By the node they would change; sequential creates by their prefix. */
  private readonly named = new Map<number, Offer[]>();
  private readonly numbered = new Map<number, Offer[]>();
  /** Zxids that were settled, by node. */
  private readonly settled = new Map<number, number[]>();
  private readonly resolved: Update[] = [];

  constructor(told: Told, byZxid: Int32Array) {
    this.told = told;
    this.byZxid = byZxid;
    for (const owner of told.lost) {
      for (const update of owner.updates) {
        const offers = isSequential(update) ? this.numbered : this.named;
        const there = offers.get(update.node);
        if (there) there.push({ owner, update });
        else offers.set(update.node, [{ owner, update }]);
      }
    }
  }

  resolve(): Update[] {
    const clues = this.clues();
    // Values first: they are certain. The rest is what remains when those are known.
    for (const clue of clues) if (clue.text !== unsaid) this.settleChange(clue);
    for (const clue of clues) this.settleBirth(clue);
    for (const clue of clues) this.settleChange(clue);
    return this.resolved;
  }

  private clues(): Clue[] {
    const { sightings, paths, updates, stats } = this.told;
    // A Stat that answered a write shows no more than that write.
    const answered = new Uint8Array(stats.length);
    for (let i = 0; i < updates.length; i++) if (updates.stat(i) >= 0) answered[updates.stat(i)] = 1;
    const born = new Float64Array(paths.length);
    const offered = Uint8Array.from(paths.names, (_, node) => Number(this.offersFor(node).length > 0));
    /** The last Stat taken of each node, with and without data. */
    const [withData, without] = [
      new Int32Array(paths.length).fill(-1),
      new Int32Array(paths.length).fill(-1),
    ];
    const clues: Clue[] = [];
    for (let i = 0; i < sightings.length; i++) {
      const node = sightings.node[i]!;
      const stat = sightings.stat(i);
      if (offered[node] === 0 || stat < 0) continue;
      const text = sightings.text(i);
      const last = text === unsaid ? without : withData;
      if (last[node] === stat) continue;
      last[node] = stat;
      const czxid = stats.czxid(stat);
      if (born[node] === czxid && answered[stat] === 1) continue;
      if (this.isKnown(node, czxid)) born[node] = czxid;
      if (born[node] !== czxid || !this.isKnown(node, stats.mzxid(stat))) clues.push({ node, stat, text });
    }
    return clues;
  }

  /** The write that gave the node its present data. */
  private settleChange({ node, stat, text }: Clue): void {
    const { stats, texts } = this.told;
    const version = stats.version(stat);
    const kind = stats.mzxid(stat) === stats.czxid(stat) ? 'create' : 'setData';
    const found = this.settle(node, stats.mzxid(stat), (update) => {
      if (update.kind !== kind) return false;
      if (kind === 'setData' && update.version >= 0 && update.version !== version - 1) return false;
      return text === unsaid || texts.same(update.text, text);
    });
    if (found) found.versionSeen = version;
  }

  /** The create behind a node that was written since. */
  private settleBirth({ node, stat }: Clue): void {
    this.settle(node, this.told.stats.czxid(stat), ({ kind }) => kind === 'create');
  }

  private settle(node: number, zxid: number, fits: (update: Update) => boolean): Update | undefined {
    if (this.isKnown(node, zxid)) return undefined;
    const fitting = this.offersFor(node).filter(
      ({ owner, update }) => owner.zxid === 0 && owner.after < zxid && zxid < owner.before && fits(update),
    );
    if (fitting.length !== 1) return undefined;
    const [{ owner, update: found }] = fitting as [Offer];
    owner.zxid = zxid;
    for (const update of owner.updates) {
      update.zxid = zxid;
      if (update === found) Object.assign(update, { node, path: this.told.paths.names[node]! });
      const there = this.settled.get(update.node);
      if (there) there.push(zxid);
      else this.settled.set(update.node, [zxid]);
      this.resolved.push(update);
    }
    return found;
  }

  private offersFor(node: number): readonly Offer[] {
    const named = this.named.get(node) ?? [];
    if (this.numbered.size === 0) return named;
    const name = this.told.paths.names[node]!;
    const prefix = withoutSuffix(name);
    const asked = prefix === name ? undefined : this.told.paths.find(prefix);
    const numbered = asked === undefined ? undefined : this.numbered.get(asked);
    return numbered ? [...named, ...numbered] : named;
  }

  /** Whether an update of the node at that zxid is known. */
  private isKnown(node: number, zxid: number): boolean {
    if (this.settled.get(node)?.includes(zxid)) return true;
    const order = this.byZxid;
    const { zxid: zxids, node: nodes } = this.told.updates;
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (zxids[order[middle]!]! < zxid) low = middle + 1;
      else high = middle;
    }
    for (; low < order.length && zxids[order[low]!] === zxid; low++) {
      if (nodes[order[low]!] === node) return true;
    }
    return false;
  }
}
