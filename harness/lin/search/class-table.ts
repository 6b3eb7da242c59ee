import type { LinHistory } from '../history.ts';
import type { Call } from '../model.ts';
import { callOf } from '../partition.ts';

/** Numbers calls by meaning: equal key, operation, input, output and outcome. */
export class ClassTable {
  readonly calls: Call[] = [];
  private readonly history: LinHistory;
  /** By class, a call of it; -1 for one that was handed in. */
  private readonly sample: number[] = [];
  /** Open addressing; 0 is free, else class + 1. */
  private readonly slots: Int32Array;

  constructor(history: LinHistory, callsMax: number) {
    this.history = history;
    this.slots = new Int32Array(2 << (32 - Math.clz32(callsMax)));
  }

  classOf(op: number): number {
    const { f, input, output, outcome, key } = this.history;
    let hash = Math.imul(input[op]! + 1, 0x9e3779b1) ^ Math.imul(output[op]! + 1, 0x85ebca6b);
    hash ^= Math.imul(key[op]! + 1, 0xc2b2ae35) ^ ((f[op]! << 2) | outcome[op]!);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const kind = this.slots[slot]! - 1;
      if (kind < 0) {
        this.slots[slot] = this.calls.length + 1;
        return this.add(callOf(this.history, op), op);
      }
      if (this.equal(this.sample[kind]!, op)) return kind;
    }
  }

  /** A class of its own. */
  add(call: Call, sample = -1): number {
    this.sample.push(sample);
    return this.calls.push(call) - 1;
  }

  private equal(a: number, b: number): boolean {
    const { f, input, output, outcome, key } = this.history;
    return (
      input[a] === input[b] &&
      output[a] === output[b] &&
      f[a] === f[b] &&
      outcome[a] === outcome[b] &&
      key[a] === key[b]
    );
  }
}
