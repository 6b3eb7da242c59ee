/** Entries that a short sort by insertion puts in order before the merging begins. */
const block = 24;

/**
 * The entries 0 to length-1 in the order of their key; equal keys keep their order. A merge sort that leaves alone what
 * is in order already: histories nearly are, and then it costs little more than one look at each entry.
 */
export function sortedBy(key: Float64Array, length: number): Int32Array {
  const order = inPlace(length);
  sortBy(order, key);
  return order;
}

/** 0 to length-1. */
export function inPlace(length: number): Int32Array {
  const order = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  return order;
}

export function sortBy(order: Int32Array, key: Float64Array): void {
  const { length } = order;
  for (let from = 0; from < length; from += block) insert(order, key, from, Math.min(from + block, length));
  let spare: Int32Array = new Int32Array(0);
  for (let width = block; width < length; width *= 2) {
    for (let from = 0; from + width < length; from += 2 * width) {
      const middle = from + width;
      const start = firstAfter(order, key, from, middle);
      if (start === middle) continue;
      const moved = middle - start;
      if (spare.length < moved) spare = new Int32Array(Math.max(moved, 2 * spare.length));
      spare.set(order.subarray(start, middle));
      merge(order, key, spare, moved, start, middle, Math.min(middle + width, length));
    }
  }
}

function insert(order: Int32Array, key: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const entry = order[i]!;
    const at = key[entry]!;
    let j = i - 1;
    for (; j >= from && key[order[j]!]! > at; j--) order[j + 1] = order[j]!;
    order[j + 1] = entry;
  }
}

/** The first place of the left half that must stand behind the beginning of the right one. */
function firstAfter(order: Int32Array, key: Float64Array, from: number, middle: number): number {
  const right = key[order[middle]!]!;
  if (key[order[middle - 1]!]! <= right) return middle;
  let low = from;
  let high = middle - 1;
  while (low < high) {
    const half = (low + high) >> 1;
    if (key[order[half]!]! > right) high = half;
    else low = half + 1;
  }
  return low;
}

function merge(
  order: Int32Array,
  key: Float64Array,
  left: Int32Array,
  count: number,
  start: number,
  middle: number,
  end: number,
): void {
  let to = start;
  let right = middle;
  for (let i = 0; i < count; ) {
    if (right < end && key[order[right]!]! < key[left[i]!]!) order[to++] = order[right++]!;
    else order[to++] = left[i++]!;
  }
}
