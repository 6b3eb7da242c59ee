/** A list of 32-bit integers that grows by half: typed from the first entry to the last, no object an entry. */
export class Int32List {
  array: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.array = new Int32Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.array.length)
      this.array = grown(this.array, this.length + (this.length >> 1) + 16);
    this.array[this.length] = value;
    return this.length++;
  }
}

type Growable = Int32Array | Uint8Array | Float64Array;

/** A copy with room for `length` entries; what is new is 0. */
export function grown<T extends Growable>(array: T, length: number): T {
  const copy = new (array.constructor as new (length: number) => T)(length);
  copy.set(array);
  return copy;
}
