import type { Stat } from '../../history/op.ts';
import { grown } from './growing.ts';

/** Different Stats of one node that are remembered: reads of lagging servers show older ones in between. */
const remembered = 4;

/** Numbers of one Stat, by size: what belongs to one lies together. */
const longs = 5;
const ints = 6;

/**
 * The different Stats of a history, as numbers: equal ones of one node share a number, as far as they are among the last
 * few. A rule that has verified a number in a state of the node need not look at it again.
 */
export class Stats {
  length = 0;
  /** Of each czxid, mzxid, pzxid, ctimeMs, mtimeMs. */
  private longs: Float64Array;
  /** Of each version, cversion, aversion, dataLength, numChildren, owner. */
  private ints: Int32Array;
  private readonly owners = ['0'];
  private readonly ownerIds = new Map([['0', 0]]);
  private readonly recent: number[] = [];
  private readonly next: number[] = [];

  /** `room`: for how many there is room at first. */
  constructor(room: number) {
    this.longs = new Float64Array(room * longs);
    this.ints = new Int32Array(room * ints);
  }

  czxid(id: number): number {
    return this.longs[id * longs]!;
  }

  mzxid(id: number): number {
    return this.longs[id * longs + 1]!;
  }

  pzxid(id: number): number {
    return this.longs[id * longs + 2]!;
  }

  ctimeMs(id: number): number {
    return this.longs[id * longs + 3]!;
  }

  mtimeMs(id: number): number {
    return this.longs[id * longs + 4]!;
  }

  version(id: number): number {
    return this.ints[id * ints]!;
  }

  cversion(id: number): number {
    return this.ints[id * ints + 1]!;
  }

  aversion(id: number): number {
    return this.ints[id * ints + 2]!;
  }

  dataLength(id: number): number {
    return this.ints[id * ints + 3]!;
  }

  numChildren(id: number): number {
    return this.ints[id * ints + 4]!;
  }

  /** Session id of the owner as hex digits without leading zeros, '0' for none. */
  ownerOf(id: number): string {
    return this.owners[this.ints[id * ints + 5]!]!;
  }

  /** Of a Stat that was read: the number of the same one, if it is among the last. */
  ofRead(node: number, stat: Stat): number {
    const base = node * remembered;
    if (base < this.recent.length) {
      // The newest first: that is what most reads see.
      const newest = this.next[node]!;
      for (let i = newest; i > newest - remembered; i--) {
        const id = this.recent[base + ((i + remembered) % remembered)]!;
        if (this.equals(id, stat)) return id;
      }
    }
    return this.ofWrite(node, stat);
  }

  /** Of a Stat that answers a write: a state nobody has seen before. */
  ofWrite(node: number, stat: Stat): number {
    const base = node * remembered;
    // Filled without gaps, so that the arrays stay plain ones.
    while (this.recent.length < base + remembered) this.recent.push(-1);
    while (this.next.length <= node) this.next.push(0);
    const turn = (this.next[node]! + 1) % remembered;
    this.next[node] = turn;
    const id = this.add(stat);
    this.recent[base + turn] = id;
    return id;
  }

  private equals(id: number, stat: Stat): boolean {
    return (
      id >= 0 &&
      this.mzxid(id) === stat.mzxid &&
      this.pzxid(id) === stat.pzxid &&
      this.version(id) === stat.version &&
      this.czxid(id) === stat.czxid &&
      this.ctimeMs(id) === stat.ctimeMs &&
      this.mtimeMs(id) === stat.mtimeMs &&
      this.cversion(id) === stat.cversion &&
      this.aversion(id) === stat.aversion &&
      this.dataLength(id) === stat.dataLength &&
      this.numChildren(id) === stat.numChildren &&
      this.ownerOf(id) === bare(stat.ephemeralOwner)
    );
  }

  private add(stat: Stat): number {
    if ((this.length + 1) * longs > this.longs.length) this.grow();
    const id = this.length++;
    const long = id * longs;
    this.longs[long] = stat.czxid;
    this.longs[long + 1] = stat.mzxid;
    this.longs[long + 2] = stat.pzxid;
    this.longs[long + 3] = stat.ctimeMs;
    this.longs[long + 4] = stat.mtimeMs;
    const int = id * ints;
    this.ints[int] = stat.version;
    this.ints[int + 1] = stat.cversion;
    this.ints[int + 2] = stat.aversion;
    this.ints[int + 3] = stat.dataLength;
    this.ints[int + 4] = stat.numChildren;
    this.ints[int + 5] = this.ownerId(bare(stat.ephemeralOwner));
    return id;
  }

  private ownerId(owner: string): number {
    const known = this.ownerIds.get(owner);
    if (known !== undefined) return known;
    const id = this.owners.push(owner) - 1;
    this.ownerIds.set(owner, id);
    return id;
  }

  private grow(): void {
    const room = this.length + (this.length >> 1) + 256;
    this.longs = grown(this.longs, room * longs);
    this.ints = grown(this.ints, room * ints);
  }
}

/** Session ids are compared without prefix and leading zeros. */
export const bare = (id: string) => (id === '0' ? id : id.replace(/^0x/, '').replace(/^0+(?=.)/, ''));
