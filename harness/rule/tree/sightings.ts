import { grown } from './growing.ts';

/**
 * What an answer says of a node in the state after all transactions up to its zxid. `present` and `absent` come from
 * reads; `fertile` from a child that was created; the others from refusals. All but `absent` say that the node was there.
 */
export const [present, absent, notVersion, notAversion, notEmpty, childless, fertile] = [0, 1, 2, 3, 4, 5, 6];

/** Integers of one sighting: row; number of the Stat, or -1 less what was seen; number of the text. */
const width = 3;

/** Sightings in the order they were told; what belongs to one lies together, for replays go through them node by node. */
export class Sightings {
  length = 0;
  zxid: Float64Array;
  node: Int32Array;
  private words: Int32Array;

  /** `room`: for how many there is room at first. */
  constructor(room: number) {
    this.zxid = new Float64Array(room);
    this.node = new Int32Array(room);
    this.words = new Int32Array(room * width);
  }

  /**
   * `stat`: number of the Stat, -1 without one. `text`: number of the data read, `unsaid` when none were; of
   * `notVersion` and `notAversion` the version the node did not have.
   */
  push(row: number, zxid: number, node: number, seen: number, stat: number, text: number): void {
    if (this.length === this.zxid.length) this.grow();
    const at = this.length * width;
    this.words[at] = row;
    this.words[at + 1] = stat >= 0 ? stat : -1 - seen;
    this.words[at + 2] = text;
    this.zxid[this.length] = zxid;
    this.node[this.length++] = node;
  }

  row(i: number): number {
    return this.words[i * width]!;
  }

  seen(i: number): number {
    const word = this.words[i * width + 1]!;
    return word < 0 ? -1 - word : present!;
  }

  stat(i: number): number {
    return Math.max(-1, this.words[i * width + 1]!);
  }

  text(i: number): number {
    return this.words[i * width + 2]!;
  }

  private grow(): void {
    this.zxid = grown(this.zxid);
    this.node = grown(this.node);
    this.words = grown(this.words, this.zxid.length * width);
  }
}
