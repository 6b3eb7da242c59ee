import { grown } from './growing.ts';
import { type LinHistory, outcomeCodes } from './history.ts';
import { nil, ValueTable } from './values.ts';

/** Small histories come by the thousand. */
const firstCapacity = 64;

/** Names of operations are one byte in the columns. */
const namesMax = 255;

/** Collects calls as a file tells them: invoked, then answered, refused, or left without an answer. */
export class HistoryBuilder {
  readonly values = new ValueTable();
  readonly names: string[] = [];
  length = 0;
  private process = new Int32Array(firstCapacity);
  private key = new Int32Array(firstCapacity);
  private f = new Uint8Array(firstCapacity);
  private input = new Int32Array(firstCapacity);
  private output = new Int32Array(firstCapacity);
  private outcome = new Uint8Array(firstCapacity);
  private invoked = new Float64Array(firstCapacity);
  private returned = new Float64Array(firstCapacity);
  private readonly unit: LinHistory['unit'];

  constructor(unit: LinHistory['unit']) {
    this.unit = unit;
  }

  /** The number of an operation's name. */
  nameOf(name: string): number {
    const index = this.names.indexOf(name);
    if (index >= 0) return index;
    if (this.names.length === namesMax) throw new Error(`more than ${namesMax} names of operations`);
    return this.names.push(name) - 1;
  }

  /** A call without an answer yet; without one it stays unknown. Returns its number for `end` and `forget`. */
  begin(process: number, f: number, key: number, input: number, at: number): number {
    const op = this.length++;
    if (op === this.f.length) this.grow(this.length + (this.length >> 1));
    this.process[op] = process;
    this.f[op] = f;
    this.key[op] = key;
    this.input[op] = input;
    this.output[op] = nil;
    this.outcome[op] = outcomeCodes.unknown;
    this.invoked[op] = at;
    this.returned[op] = Number.POSITIVE_INFINITY;
    return op;
  }

  end(op: number, outcome: 'ok' | 'fail', output: number, at: number): void {
    this.outcome[op] = outcomeCodes[outcome];
    this.output[op] = output;
    this.returned[op] = at;
  }

  /** Leaves out a call that had no effect and saw nothing. */
  forget(op: number): void {
    this.outcome[op] = forgotten;
  }

  /** The number of its operation's name. */
  nameAt(op: number): number {
    return this.f[op]!;
  }

  /** The columns, without what was forgotten. The builder is used up. */
  finish(): LinHistory {
    let kept = 0;
    for (let op = 0; op < this.length; op++) {
      if (this.outcome[op] === forgotten) continue;
      this.process[kept] = this.process[op]!;
      this.key[kept] = this.key[op]!;
      this.f[kept] = this.f[op]!;
      this.input[kept] = this.input[op]!;
      this.output[kept] = this.output[op]!;
      this.outcome[kept] = this.outcome[op]!;
      this.invoked[kept] = this.invoked[op]!;
      this.returned[kept] = this.returned[op]!;
      kept++;
    }
    this.length = kept;
    const { process, key, f, names, input, output, outcome, invoked, returned, values } = this;
    return {
      length: kept,
      unit: this.unit,
      process,
      key,
      f,
      names,
      input,
      output,
      outcome,
      invoked,
      returned,
      values,
    };
  }

  /** Makes room for that many calls at once: growing step by step leaves as much behind as it gains. */
  reserve(calls: number): void {
    if (calls > this.f.length) this.grow(calls);
  }

  private grow(needed: number): void {
    this.process = grown(this.process, needed);
    this.key = grown(this.key, needed);
    this.f = grown(this.f, needed);
    this.input = grown(this.input, needed);
    this.output = grown(this.output, needed);
    this.outcome = grown(this.outcome, needed);
    this.invoked = grown(this.invoked, needed);
    this.returned = grown(this.returned, needed);
  }
}

const forgotten = 255;
