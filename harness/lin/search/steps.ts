import type { Call, Model } from '../model.ts';
import type { Problem } from './problem.ts';

/** Cells of the table; beyond, transitions are kept in a map. 16 MB. */
const tableCellsMax = 1 << 22;

/** Entries of a JavaScript Map; V8 has no room for more than 2^24. */
const mapEntriesMax = 1 << 23;

const illegal = -1;
const unknown = -2;

/**
 * A model as numbers: states and classes of equal calls are numbered, and each transition is asked of the model once
 * (Knossos memoises models the same way). `next` gives the state after a call, or -1 where the call is not legal.
 */
export class Steps {
  private readonly model: Model;
  private readonly classes: readonly Call[];
  private readonly states: unknown[] = [];
  private readonly ids = new Map<unknown, number>();
  /** By state and class; only while it fits. */
  private table: Int32Array;
  private readonly overflow = new Map<number, number>();

  /** By state: see `neededAfter`. Only needed states are numbered that low. */
  private readonly lastNeed: Int32Array;

  constructor({ model, calls, needed }: Problem) {
    this.model = model;
    this.classes = calls.classes;
    this.table = new Int32Array(Math.min(tableCellsMax, this.classes.length * 8)).fill(unknown);
    for (const state of needed.keys()) this.idOf(state);
    this.lastNeed = Int32Array.from(needed.values());
  }

  /** Whether a state that cannot come again is needed by a call which event `at` or a later one invokes. */
  neededAfter(state: number, at: number): boolean {
    return state < this.lastNeed.length && this.lastNeed[state]! >= at;
  }

  /** The number of a state, new or known. */
  idOf(state: unknown): number {
    const key = this.model.key(state);
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.states.push(state) - 1;
      this.ids.set(key, id);
    }
    return id;
  }

  next(state: number, call: number): number {
    const cell = state * this.classes.length + call;
    if (cell < this.table.length) {
      const known = this.table[cell]!;
      if (known !== unknown) return known;
    } else {
      const known = this.overflow.get(cell);
      if (known !== undefined) return known;
    }
    return this.ask(state, call, cell);
  }

  /** Rough size of what is remembered, in bytes: a state is taken for 100, a map's entry for 40. */
  get bytes(): number {
    if (this.states.length > mapEntriesMax) return Number.POSITIVE_INFINITY;
    return this.table.byteLength + this.states.length * 100 + this.overflow.size * 40;
  }

  private ask(state: number, call: number, cell: number): number {
    const before = this.states[state];
    const after = this.model.step(before, this.classes[call]!);
    const next = after === undefined ? illegal : after === before ? state : this.idOf(after);
    if (cell >= this.table.length && this.table.length < tableCellsMax) this.growTable(cell);
    if (cell < this.table.length) this.table[cell] = next;
    else this.keep(cell, next);
    return next;
  }

  private keep(cell: number, next: number): void {
    if (this.overflow.size === mapEntriesMax) this.overflow.clear();
    this.overflow.set(cell, next);
  }

  private growTable(cell: number): void {
    const larger = new Int32Array(Math.min(tableCellsMax, Math.max(cell + 1, this.table.length * 2))).fill(
      unknown,
    );
    larger.set(this.table);
    this.table = larger;
  }
}
