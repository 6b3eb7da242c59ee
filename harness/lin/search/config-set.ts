import { grown } from '../growing.ts';

/**
 * Configurations a search has been in. One is a key (where it stands, state, open calls that took effect) and the set
 * of optional calls used up. With an equal key the one that used fewer optional calls dominates: whatever can follow
 * the other can follow it. So only such are kept as do not contain one another. Keys are stored whole: a search that went
 * by hashes alone could call a legal history a violation.
 */
export class ConfigSet {
  /** Configurations kept. */
  size = 0;
  private readonly stride: number;
  /** Of each entry its key, its used words, and the next entry with the same key, plus 1. */
  private words: Int32Array;
  private readonly link: number;
  private readonly keyWords: number;
  private slots: Int32Array;
  /** Slots in use. */
  private keys = 0;
  /** Entries, dead ones included. */
  entries = 0;
  readonly dead = new Set<number>();

  constructor(keyWords: number, usedWords: number) {
    this.keyWords = keyWords;
    this.link = keyWords + usedWords;
    this.stride = this.link + 1;
    this.words = new Int32Array(this.stride * 16);
    this.slots = new Int32Array(64);
  }

  get bytes(): number {
    return this.words.byteLength + this.slots.byteLength;
  }

  clear(): void {
    // A table that was large once is not cleared again and again for a few entries.
    if (this.slots.length > this.entries * 64) this.slots = new Int32Array(64);
    else this.slots.fill(0);
    this.dead.clear();
    this.size = this.keys = this.entries = 0;
  }

  /** Adds the configuration in `config`; false when one that is kept dominates it. */
  add(config: Int32Array): boolean {
    const slot = this.slotOf(config);
    const first = this.slots[slot]! - 1;
    for (let entry = first, previous = -1; entry >= 0; ) {
      const next = this.words[entry * this.stride + this.link]! - 1;
      if (this.usesNoMore(entry, config)) return false;
      if (this.usesAllOf(entry, config)) {
        this.dead.add(entry);
        this.size--;
        if (previous >= 0) this.words[previous * this.stride + this.link] = next + 1;
        else this.slots[slot] = next + 1;
      } else {
        previous = entry;
      }
      entry = next;
    }
    this.insert(config, slot, first < 0);
    return true;
  }

  /** Copies an entry. */
  read(entry: number, into: Int32Array): void {
    const from = entry * this.stride;
    for (let i = 0; i < this.link; i++) into[i] = this.words[from + i]!;
  }

  /** The first word of an entry's key. */
  stateAt(entry: number): number {
    return this.words[entry * this.stride]!;
  }

  /**
   * Sets a bit of the key's words behind the first wherever the first word says so; how many entries were looked at.
   * The set can only be read after that, until it is cleared.
   */
  setBits(bit: number, where: (first: number) => boolean): number {
    const word = 1 + (bit >> 5);
    for (let entry = 0; entry < this.entries; entry++) {
      const from = entry * this.stride;
      if (where(this.words[from]!)) this.words[from + word]! |= 1 << (bit & 31);
    }
    return this.entries;
  }

  private insert(config: Int32Array, slot: number, newKey: boolean): void {
    const entry = this.entries++;
    this.size++;
    const from = entry * this.stride;
    if (from === this.words.length) this.words = grown(this.words, from * 2);
    for (let i = 0; i < this.link; i++) this.words[from + i] = config[i]!;
    this.words[from + this.link] = this.slots[slot]!;
    this.slots[slot] = entry + 1;
    if (newKey && ++this.keys * 2 > this.slots.length) this.rehash();
  }

  /** Where the key is, or where it would go. */
  private slotOf(config: Int32Array): number {
    const mask = this.slots.length - 1;
    for (let slot = this.hashOf(config, 0) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot]! - 1;
      if (entry < 0 || this.sameKey(entry, config)) return slot;
    }
  }

  private hashOf(words: Int32Array, from: number): number {
    let hash = 0;
    for (let i = 0; i < this.keyWords; i++) {
      hash = Math.imul(hash ^ words[from + i]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  private sameKey(entry: number, config: Int32Array): boolean {
    const from = entry * this.stride;
    for (let i = 0; i < this.keyWords; i++) if (this.words[from + i] !== config[i]) return false;
    return true;
  }

  private usesNoMore(entry: number, config: Int32Array): boolean {
    const from = entry * this.stride;
    for (let i = this.keyWords; i < this.stride; i++)
      if ((this.words[from + i]! & ~config[i]!) !== 0) return false;
    return true;
  }

  private usesAllOf(entry: number, config: Int32Array): boolean {
    const from = entry * this.stride;
    for (let i = this.keyWords; i < this.stride; i++)
      if ((config[i]! & ~this.words[from + i]!) !== 0) return false;
    return true;
  }

  private rehash(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 4);
    const mask = this.slots.length - 1;
    for (const head of old) {
      if (head === 0) continue;
      let slot = this.hashOf(this.words, (head - 1) * this.stride) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = head;
    }
  }
}
