import type { History } from '../../history/history.ts';

/** Different values of one node that are remembered: reads of lagging servers show older ones in between. */
const remembered = 4;

/** Number of "no data", and of data that nobody asked for. */
const noText = -1;
export const unsaid = -2;

/**
 * Numbers for what nodes hold: the row that first carried the value, or a place behind all rows for a part of a multi.
 * Equal values of one node share a number as far as they are among the last few; different numbers may still be equal.
 */
export class Texts {
  private readonly history: History;
  private readonly parts: string[] = [];
  private readonly recentIds: number[] = [];
  private readonly recentTexts: (string | null)[] = [];
  /** Place of the newest, by node. */
  private readonly next: number[] = [];

  constructor(history: History) {
    this.history = history;
  }

  /** Of data that were read: the number of the same value, if it is among the last. */
  read(node: number, text: string | null, row: number): number {
    if (text === null) return noText;
    const base = node * remembered;
    if (base < this.recentIds.length) {
      // The newest first: that is what most reads see.
      const newest = this.next[node]!;
      for (let i = newest; i > newest - remembered; i--) {
        const at = base + ((i + remembered) % remembered);
        if (this.recentTexts[at] === text) return this.recentIds[at]!;
      }
    }
    return this.remember(node, text, row);
  }

  /** Of data that were written: each write is a value of its own. */
  written(node: number, text: string | null, row: number): number {
    return text === null ? noText : this.remember(node, text, row);
  }

  ofPart(node: number, text: string | null): number {
    if (text === null) return noText;
    const id = this.history.length + this.parts.push(text) - 1;
    return this.remember(node, text, id);
  }

  /** What a number stands for; undefined for data nobody asked for. */
  text(id: number): string | null | undefined {
    if (id === noText) return null;
    if (id === unsaid) return undefined;
    return id < this.history.length ? this.history.value(id) : this.parts[id - this.history.length]!;
  }

  /** Servers hold "no data" and data of length 0 alike. */
  same(one: number, other: number): boolean {
    return one === other || (this.text(one) ?? '') === (this.text(other) ?? '');
  }

  private remember(node: number, text: string, id: number): number {
    const base = node * remembered;
    // Filled without gaps, so that the arrays stay plain ones.
    while (this.recentIds.length < base + remembered) {
      this.recentIds.push(noText);
      this.recentTexts.push(null);
    }
    while (this.next.length <= node) this.next.push(0);
    const turn = (this.next[node]! + 1) % remembered;
    this.next[node] = turn;
    this.recentIds[base + turn] = id;
    this.recentTexts[base + turn] = text;
    return id;
  }
}

/** Bytes of a value; undefined where the text is not the bytes (`bytes:` and hex digits). */
export function byteLength(text: string | null): number | undefined {
  if (text === null) return 0;
  if (text.startsWith('bytes:')) return undefined;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return Buffer.byteLength(text);
  return text.length;
}
