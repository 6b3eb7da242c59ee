import { unsaid } from './texts.ts';
import type { Told } from './told.ts';
import { isUnnamed, type Lost, suffixOf, type Update, withoutSuffix } from './updates.ts';

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
  /** Whose transaction a zxid was found to be. */
  private readonly settled = new Map<number, Lost>();
  private readonly resolved: Update[] = [];

  constructor(told: Told, byZxid: Int32Array) {
    this.told = told;
    this.byZxid = byZxid;
    for (const owner of told.lost) {
      for (const update of owner.updates) {
        const offers = isUnnamed(update) ? this.numbered : this.named;
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
      if (this.isAnswered(czxid)) born[node] = czxid;
      if (born[node] !== czxid || !this.isAnswered(stats.mzxid(stat))) clues.push({ node, stat, text });
    }
    return clues;
  }

  /** The write that gave the node its present data. */
  private settleChange({ node, stat, text }: Clue): void {
    const { stats, texts } = this.told;
    const version = stats.version(stat);
    const kind = version === 0 ? 'create' : 'setData';
    const found = this.settle(node, stats.mzxid(stat), (update, owner) => {
      if (update.kind !== kind || !leaves(owner, update, version)) return false;
      return text === unsaid || texts.same(update.text, text);
    });
    if (found) found.versionSeen = version;
  }

  /** The create behind a node that was written since. */
  private settleBirth({ node, stat }: Clue): void {
    this.settle(node, this.told.stats.czxid(stat), ({ kind }) => kind === 'create');
  }

  private settle(
    node: number,
    zxid: number,
    fits: (update: Update, owner: Lost) => boolean,
  ): Update | undefined {
    if (this.isAnswered(zxid)) return undefined;
    const holder = this.settled.get(zxid);
    const fitting = this.offersFor(node).filter(({ owner, update }) => {
      if (update.zxid > 0 || !fits(update, owner)) return false;
      return holder ? owner === holder : owner.zxid === 0 && owner.after < zxid && zxid < owner.before;
    });
    if (fitting.length !== 1) return undefined;
    const [{ owner, update }] = fitting as [Offer];
    this.take(owner, zxid, update, node);
    return update;
  }

  /** All parts of a multi stand at its zxid; what sequential ones are called follows from the one that was seen. */
  private take(owner: Lost, zxid: number, found: Update, node: number): void {
    const { paths } = this.told;
    Object.assign(found, { node, path: paths.names[node]! });
    owner.zxid = zxid;
    this.settled.set(zxid, owner);
    for (const update of owner.updates) {
      if (update.zxid > 0) continue;
      if (update !== found && isUnnamed(update)) {
        const path = besides(owner, found, update);
        if (path === undefined) continue;
        Object.assign(update, { path, node: paths.idOf(path) });
      }
      update.zxid = zxid;
      this.resolved.push(update);
    }
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

  /** Whether an answer tells whose transaction the zxid is. */
  private isAnswered(zxid: number): boolean {
    const order = this.byZxid;
    const { zxid: zxids } = this.told.updates;
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (zxids[order[middle]!]! < zxid) low = middle + 1;
      else high = middle;
    }
    return low < order.length && zxids[order[low]!] === zxid;
  }
}

/** Whether the node has this version after all parts of the write, and this update as the last of them. */
function leaves({ updates }: Lost, update: Update, version: number): boolean {
  const own = isUnnamed(update) ? [update] : updates.filter(({ node }) => node === update.node);
  const changes = own.filter(({ kind }) => kind !== 'check');
  if (changes.at(-1) !== update) return false;
  const writes = own.filter(({ kind }) => kind === 'setData').length;
  let now = own.some(({ kind }) => kind === 'create') ? -1 : version - writes;
  for (const { kind, version: asked } of own) {
    if (kind === 'create') now = 0;
    else if (asked >= 0 && now >= 0 && asked !== now) return false;
    else if (kind === 'setData' && now >= 0) now++;
    else if (kind === 'delete') now = -1;
  }
  return now === version;
}

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/'));

/** Name of a sequential node that one multi created together with another: every create under their parent counts one. */
function besides({ updates }: Lost, known: Update, other: Update): string | undefined {
  const number = suffixOf(known);
  if (number === undefined || parentOf(known.path) !== parentOf(other.asked)) return undefined;
  const [first, last] = [Math.min(known.part, other.part), Math.max(known.part, other.part)];
  const between = updates.filter(
    ({ kind, part, asked }) =>
      kind === 'create' && part > first && part <= last && parentOf(asked) === parentOf(other.asked),
  ).length;
  const its = number + (other.part > known.part ? between : -between);
  return other.asked + String(its).padStart(10, '0');
}
