/**
 * Gives equal texts equal ids without making a string for each row: bytes are hashed (FNV-1a) and compared in place,
 * and only new ones are decoded.
 */
export class PathTable {
  readonly paths: string[] = [];
  private readonly encoded: Uint8Array[] = [];
  /** Open addressing; 0 is free, else id + 1. */
  private slots = new Int32Array(1024);
  private hashes = new Int32Array(512);
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  idOf(bytes: Uint8Array, from: number, to: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.slots[slot]! - 1;
      if (id < 0) return this.add(slot, hash, bytes.subarray(from, to));
      if (this.hashes[id] === hash && equals(this.encoded[id]!, bytes, from, to)) return id;
    }
  }

  private add(slot: number, hash: number, bytes: Uint8Array): number {
    const id = this.paths.length;
    this.paths.push(this.decoder.decode(bytes));
    this.encoded.push(bytes);
    this.hashes[id] = hash;
    this.slots[slot] = id + 1;
    if (this.paths.length * 2 >= this.slots.length) this.grow();
    return id;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 4);
    const hashes = new Int32Array(slots.length / 2);
    hashes.set(this.hashes);
    const mask = slots.length - 1;
    for (let id = 0; id < this.paths.length; id++) {
      let slot = hashes[id]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.slots = slots;
    this.hashes = hashes;
  }
}

function equals(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
