import { grown, Int32List } from './growing.ts';

/**
 * Kinds of values. Texts, and numbers that are no 32-bit integers, are kept as UTF-8 in one arena, collections as ids of
 * their items.
 */
const kinds = ['nil', 'integer', 'boolean', 'string', 'number', 'vector', 'set', 'map'] as const;
export type ValueKind = (typeof kinds)[number];

const integerKind = 1;
const booleanKind = 2;
const stringKind = 3;
const numberKind = 4;
const firstCollection = 5;

/** What `nil` is in every table. */
export const nil = 0;

/**
 * Values of a history by number: equal values have equal ids and `===` JavaScript values, different ones neither, so
 * that engines compare integers. A value costs about 20 bytes and its text; it is decoded only when somebody asks.
 */
export class ValueTable {
  size = 0;
  private kind = new Uint8Array(64);
  /** An integer itself; else the offset in the arena or among the items. */
  private from = new Int32Array(64);
  /** How many bytes or items. */
  private count = new Int32Array(64);
  private text = new Uint8Array(256);
  private textLength = 0;
  private readonly items = new Int32List();
  /** Open addressing; 0 is free, else id + 1. */
  private slots = new Int32Array(256);
  private readonly decoded = new Map<number, unknown>();
  private readonly encoder = new TextEncoder();

  constructor() {
    this.add(0, 0, 0);
  }

  idOfInteger(value: number): number {
    return (value | 0) === value ? this.idOfSmall(integerKind, value) : this.idOfNumber(String(value));
  }

  idOfBoolean(value: boolean): number {
    return this.idOfSmall(booleanKind, Number(value));
  }

  /** A number in decimal digits, with or without fraction and exponent; integers of any length stay exact. */
  idOfNumber(text: string): number {
    const value = Number(text);
    if ((value | 0) === value) return this.idOfInteger(value);
    const exact = /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(value);
    const bytes = this.encoder.encode(exact ? String(BigInt(text)) : String(value));
    return this.idOfBytes(numberKind, bytes, 0, bytes.length);
  }

  idOfText(text: string): number {
    const bytes = this.encoder.encode(text);
    return this.idOfBytes(stringKind, bytes, 0, bytes.length);
  }

  /** UTF-8 text in a buffer. */
  idOfUtf8(bytes: Uint8Array, from: number, to: number): number {
    return this.idOfBytes(stringKind, bytes, from, to);
  }

  /** Items by id. Sets and maps compare by content: hand in their ids sorted (a map's by key, key before value). */
  idOfItems(kind: 'vector' | 'set' | 'map', ids: ArrayLike<number>): number {
    const code = kinds.indexOf(kind);
    let hash = code;
    for (let i = 0; i < ids.length; i++) hash = Math.imul(hash ^ ids[i]!, 0x9e3779b1) ^ (hash >>> 13);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.slots[slot]! - 1;
      if (id < 0) {
        const from = this.items.length;
        for (let i = 0; i < ids.length; i++) this.items.push(ids[i]!);
        return this.addAt(slot, code, from, ids.length);
      }
      if (this.kind[id] === code && this.count[id] === ids.length && this.itemsEqual(id, ids)) return id;
    }
  }

  /** The id of a JavaScript value: null, numbers, texts, booleans, and arrays, sets, maps and plain objects of them. */
  idOf(value: unknown): number {
    if (value === null || value === undefined) return nil;
    if (typeof value === 'number' || typeof value === 'bigint') return this.idOfNumber(String(value));
    if (typeof value === 'string') return this.idOfText(value);
    if (typeof value === 'boolean') return this.idOfBoolean(value);
    const ids = (items: Iterable<unknown>) => Array.from(items, (item) => this.idOf(item));
    if (Array.isArray(value)) return this.idOfItems('vector', ids(value));
    if (value instanceof Set) return this.idOfItems('set', ids(value).sort(ascending));
    if (typeof value !== 'object') throw new Error(`a ${typeof value} cannot be a value of a history`);
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return this.idOfItems('map', entries.map(ids).sort(byFirst).flat());
  }

  kindOf(id: number): ValueKind {
    return kinds[this.kind[id]!]!;
  }

  /** How many items a collection has; 0 for an atom. */
  itemCount(id: number): number {
    return this.kind[id]! >= firstCollection ? this.count[id]! : 0;
  }

  item(id: number, index: number): number {
    return this.items.array[this.from[id]! + index]!;
  }

  /** The JavaScript value; the same object for the same id, so that `===` compares values. */
  valueOf(id: number): unknown {
    const kind = this.kind[id];
    if (kind === 0) return null;
    if (kind === integerKind) return this.from[id];
    if (kind === booleanKind) return this.from[id] === 1;
    const known = this.decoded.get(id);
    if (known !== undefined) return known;
    const value = this.decode(id);
    this.decoded.set(id, value);
    return value;
  }

  private decode(id: number): unknown {
    const [from, count] = [this.from[id]!, this.count[id]!];
    const kind = this.kindOf(id);
    if (kind === 'string' || kind === 'number') {
      const text = Buffer.from(this.text.buffer, this.text.byteOffset + from, count).toString('utf8');
      return kind === 'string' ? text : numberOf(text);
    }
    const items = Array.from({ length: count }, (_, index) => this.valueOf(this.item(id, index)));
    if (kind === 'vector') return items;
    if (kind === 'set') return new Set(items);
    return new Map(items.flatMap((key, index) => (index % 2 === 0 ? [[key, items[index + 1]]] : [])));
  }

  private idOfSmall(kind: number, value: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOfSmall(kind, value) & mask; ; slot = (slot + 1) & mask) {
      const id = this.slots[slot]! - 1;
      if (id < 0) return this.addAt(slot, kind, value, 0);
      if (this.kind[id] === kind && this.from[id] === value) return id;
    }
  }

  private idOfBytes(kind: number, bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    let hash = kind;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.slots[slot]! - 1;
      if (id < 0) return this.addAt(slot, kind, this.keepText(bytes, from, to), length);
      if (this.kind[id] === kind && this.count[id] === length && this.textEquals(id, bytes, from)) return id;
    }
  }

  private textEquals(id: number, bytes: Uint8Array, from: number): boolean {
    const { text } = this;
    const start = this.from[id]!;
    for (let i = this.count[id]! - 1; i >= 0; i--) if (text[start + i] !== bytes[from + i]) return false;
    return true;
  }

  private itemsEqual(id: number, ids: ArrayLike<number>): boolean {
    for (let i = 0; i < ids.length; i++) if (this.item(id, i) !== ids[i]) return false;
    return true;
  }

  private keepText(bytes: Uint8Array, from: number, to: number): number {
    const start = this.textLength;
    const needed = start + to - from;
    if (needed > this.text.length) this.text = grown(this.text, needed + (needed >> 1));
    for (let i = from; i < to; i++) this.text[start + i - from] = bytes[i]!;
    this.textLength += to - from;
    return start;
  }

  private addAt(slot: number, kind: number, from: number, count: number): number {
    this.slots[slot] = this.size + 1;
    const id = this.add(kind, from, count);
    if (this.size * 2 > this.slots.length) this.rehash();
    return id;
  }

  private add(kind: number, from: number, count: number): number {
    const id = this.size++;
    if (id === this.kind.length) {
      const length = this.size + (this.size >> 1);
      this.kind = grown(this.kind, length);
      this.from = grown(this.from, length);
      this.count = grown(this.count, length);
    }
    this.kind[id] = kind;
    this.from[id] = from;
    this.count[id] = count;
    return id;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let id = 1; id < this.size; id++) {
      let slot = this.hashOf(id) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = id + 1;
    }
  }

  private hashOf(id: number): number {
    const [kind, from, count] = [this.kind[id]!, this.from[id]!, this.count[id]!];
    if (kind === integerKind || kind === booleanKind) return hashOfSmall(kind, from);
    let hash = kind;
    if (kind < firstCollection)
      for (let i = 0; i < count; i++) hash = Math.imul(hash ^ this.text[from + i]!, 0x01000193);
    else
      for (let i = 0; i < count; i++) hash = Math.imul(hash ^ this.item(id, i), 0x9e3779b1) ^ (hash >>> 13);
    return hash ^ (hash >>> 15);
  }
}

/** Fibonacci hashing (Knuth, TAOCP 6.4): neighbours spread over the table. */
function hashOfSmall(kind: number, value: number): number {
  const hash = Math.imul(value ^ (kind << 28), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** Integers too large for a double are told apart as BigInts. */
function numberOf(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

const byFirst = (a: readonly number[], b: readonly number[]) => a[0]! - b[0]!;
const ascending = (a: number, b: number) => a - b;
