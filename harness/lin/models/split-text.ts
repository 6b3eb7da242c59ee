/** Lengths of the pieces that begin with each UTF-16 unit, by that unit: few, so that a text is split by looking them up. */
export type Lengths = readonly (readonly number[] | undefined)[];

/** Undefined when a piece is empty or begins another one: then a text may be split in more than one way. */
export function lengthsOf(pieces: readonly string[]): Lengths | undefined {
  const sorted = [...pieces].sort();
  // Whatever begins with a piece comes right behind it in this order.
  for (let i = 0; i < sorted.length; i++)
    if (sorted[i] === '' || (i > 0 && sorted[i]!.startsWith(sorted[i - 1]!))) return undefined;
  const lengths: number[][] = [];
  for (const piece of sorted) {
    const unit = piece.charCodeAt(0);
    lengths[unit] ??= [];
    if (!lengths[unit].includes(piece.length)) lengths[unit].push(piece.length);
  }
  return lengths;
}

/** What the pieces of a text stand for, or undefined when it is not made of them. */
export function splitText<T>(
  text: string,
  lengths: Lengths,
  pieces: ReadonlyMap<string, T>,
): T[] | undefined {
  const found: T[] = [];
  for (let at = 0; at < text.length; ) {
    const piece = pieceAt(text, at, lengths, pieces);
    if (piece === undefined) return undefined;
    found.push(piece.meaning);
    at += piece.length;
  }
  return found;
}

function pieceAt<T>(text: string, at: number, lengths: Lengths, pieces: ReadonlyMap<string, T>) {
  for (const length of lengths[text.charCodeAt(at)] ?? []) {
    const meaning = pieces.get(text.slice(at, at + length));
    if (meaning !== undefined) return { meaning, length };
  }
  return undefined;
}
