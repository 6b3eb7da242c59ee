import { ConfigSet } from './config-set.ts';
import type { Problem } from './problem.ts';
import type { Search } from './search.ts';
import type { Steps } from './steps.ts';

/**
 * Breadth-first: all configurations that some order can be in, return by return (Lowe 2017, "just-in-time
 * linearization", is Knossos' `linear`). Needs no memory of the past, finds a violation at the first return no order passes, and
 * wins where many calls are optional; it drowns where many orders are legal, so it runs beside the depth-first
 * search, never alone. The prunes are those of `DepthFirst` but the last.
 */
export class Frontier implements Search {
  private readonly problem: Problem;
  private readonly steps: Steps;
  private readonly maskWords: number;
  private readonly keyWords: number;
  private readonly next: Int32Array;
  private readonly head: number;
  private readonly invoked: Int32Array;
  private at = 0;
  /** Configurations before the event at `at`. */
  private current: ConfigSet;
  /** At a return: configurations behind it, and those on the way there. */
  private passed: ConfigSet;
  private readonly waiting: ConfigSet;
  /** Of `current`, then of `waiting`, the entry to look at next. */
  private entry = 0;
  private expanded = 0;
  private readonly config: Int32Array;

  constructor(problem: Problem, steps: Steps) {
    this.problem = problem;
    this.steps = steps;
    this.head = problem.calls.ops.length;
    this.next = new Int32Array(this.head + 1);
    this.next[this.head] = this.head;
    this.invoked = new Int32Array(problem.groupClass.length);
    this.maskWords = (problem.slots + 31) >> 5;
    this.keyWords = 1 + this.maskWords;
    const usedWords = (problem.optionalBits + 31) >> 5;
    this.current = new ConfigSet(this.keyWords, usedWords);
    this.passed = new ConfigSet(this.keyWords, usedWords);
    this.waiting = new ConfigSet(this.keyWords, usedWords);
    this.config = new Int32Array(this.keyWords + usedWords);
    for (const state of problem.initial) {
      this.config.fill(0);
      this.config[0] = steps.idOf(state);
      this.current.add(this.config);
    }
  }

  get bytes(): number {
    return this.current.bytes + this.passed.bytes + this.waiting.bytes;
  }

  run(nodes: number): 'ok' | 'violation' | 'more' {
    const { events } = this.problem.calls;
    let left = nodes;
    while (left > 0) {
      if (this.at === events.length) return 'ok';
      const event = events[this.at]!;
      if (event >= 0) {
        left -= this.invoke(event);
        this.at++;
        continue;
      }
      left = this.pass(~event, left);
      if (left <= 0) return 'more';
      if (this.passed.size === 0) return 'violation';
      this.next[this.head] = this.next[~event]!;
      [this.current, this.passed] = [this.passed, this.current];
      this.passed.clear();
      this.waiting.clear();
      this.entry = this.expanded = 0;
      this.at++;
    }
    return 'more';
  }

  /** Opens a call; where it reads and is legal it takes effect at once. */
  private invoke(call: number): number {
    const { readOnly, slotOf, before, groupOf } = this.problem;
    const { classOf } = this.problem.calls;
    const group = groupOf[call]!;
    if (group >= 0) {
      this.invoked[group]!++;
      return 1;
    }
    const previous = before[call]!;
    this.next[call] = this.next[previous]!;
    this.next[previous] = call;
    const kind = classOf[call]!;
    if (readOnly[kind] === 0) return 1;
    // The bit is part of the key, but it depends on the state alone: equal keys stay equal, and no two become equal.
    return this.current.setBits(slotOf[call]!, (state) => this.steps.next(state, kind) >= 0);
  }

  /** Brings every configuration past the return of `call`, as far as `left` nodes reach; what is left of them. */
  private pass(call: number, left: number): number {
    let nodes = left;
    for (; this.entry < this.current.entries && nodes > 0; this.entry++, nodes--) {
      if (this.current.dead.has(this.entry)) continue;
      this.current.read(this.entry, this.config);
      this.sort(call);
    }
    for (; this.expanded < this.waiting.entries && nodes > 0; this.expanded++) {
      if (this.waiting.dead.has(this.expanded)) continue;
      nodes -= this.expand(call);
    }
    return nodes;
  }

  /** Puts the configuration in `config` where it belongs: behind the return, or among those that wait. */
  private sort(call: number): void {
    const { config } = this;
    const slot = this.problem.slotOf[call]!;
    const word = 1 + (slot >> 5);
    const bit = 1 << (slot & 31);
    if ((config[word]! & bit) === 0) {
      if (!this.steps.neededAfter(config[0]!, this.at)) this.waiting.add(config);
      return;
    }
    config[word]! &= ~bit;
    this.passed.add(config);
  }

  /** Lets each call take effect that can; how many did. */
  private expand(returning: number): number {
    const { readOnly, hidden, slotOf, groupClass, groupBit } = this.problem;
    const { classOf } = this.problem.calls;
    const { waiting, config, next, head, steps, keyWords } = this;
    const from = this.expanded;
    const state = waiting.stateAt(from);
    let nodes = 1;
    for (let call = next[head]!; call !== head; call = next[call]!) {
      const kind = classOf[call]!;
      if (readOnly[kind] === 1 || (hidden[kind] === 1 && call !== returning)) continue;
      waiting.read(from, config);
      const slot = slotOf[call]!;
      const bit = 1 << (slot & 31);
      if ((config[1 + (slot >> 5)]! & bit) !== 0) continue;
      const after = steps.next(state, kind);
      if (after < 0) continue;
      config[1 + (slot >> 5)]! |= bit;
      this.arrive(after, kind, returning);
      nodes++;
    }
    for (let group = 0; group < groupClass.length; group++) {
      const after = this.invoked[group] === 0 ? -1 : steps.next(state, groupClass[group]!);
      if (after < 0 || after === state) continue;
      waiting.read(from, config);
      let bit = groupBit[group]!;
      const end = bit + this.invoked[group]!;
      while (bit < end && (config[keyWords + (bit >> 5)]! & (1 << (bit & 31))) !== 0) bit++;
      if (bit === end) continue;
      config[keyWords + (bit >> 5)]! |= 1 << (bit & 31);
      this.arrive(after, groupClass[group]!, returning);
      nodes++;
    }
    return nodes;
  }

  /** The configuration in `config` comes to a state by a call of class `taken`; others take effect along with it. */
  private arrive(state: number, taken: number, returning: number): void {
    const { readOnly, hidden, blind, slotOf } = this.problem;
    const { classOf } = this.problem.calls;
    const { config, next, head, steps } = this;
    config[0] = state;
    const blindly = blind[taken] === 1;
    for (let call = next[head]!; call !== head; call = next[call]!) {
      const kind = classOf[call]!;
      const along = readOnly[kind] === 1 ? steps.next(state, kind) >= 0 : blindly && hidden[kind] === 1;
      if (!along) continue;
      const slot = slotOf[call]!;
      config[1 + (slot >> 5)]! |= 1 << (slot & 31);
    }
    this.sort(returning);
  }
}
