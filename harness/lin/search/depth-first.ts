import { grown } from '../growing.ts';
import { ConfigSet } from './config-set.ts';
import type { Problem } from './problem.ts';
import type { Search } from './search.ts';
import type { Steps } from './steps.ts';

/** Candidate of a frame that has none yet. */
const start = -1;

/** Words of a frame before its mask. */
const frameAt = 0;
const frameState = 1;
const frameCandidate = 2;
const frameIdle = 3;
const frameHead = 4;

/**
 * Depth-first search for a legal order: Wing & Gong 1993 with the memory of Lowe, "Testing for linearizability" (2017):
 * calls take effect only when a return forces them to (just in time), and no configuration is entered twice. The
 * memory holds calls that are open, not all calls (Horn & Kroening, "Faster linearizability checking via
 * P-compositionality", 2015, have the bit set over all). Prunes beside that, each of which leaves an order if there is one:
 *
 * 1. A read-only call takes effect as soon as it is legal: it changes nothing, so wherever an order has it, it may as well
 *    stand here.
 * 2. Equal optional calls are interchangeable: the one invoked first stands for all of them.
 * 3. A configuration is dropped when one was entered that had used fewer optional calls and is equal otherwise (ConfigSet).
 *    Optional calls are therefore tried last.
 * 4. An unseen total call takes effect at its return or right before a blind call, nowhere else (Reduction).
 * 5. A state that cannot come again is not left while calls that need it are still to be invoked. (Those that are open took
 *    effect in it, by 1.)
 * 6. An optional call that nothing made use of is not followed by a call that leads to the same state without it.
 */
export class DepthFirst implements Search {
  private readonly problem: Problem;
  private readonly steps: Steps;
  private readonly roots: readonly number[];
  private root = 0;
  private readonly memory: ConfigSet;
  private readonly keyWords: number;
  private readonly maskWords: number;

  /** Where it stands: the next event, the state, the open calls that took effect, and how many of each group did. */
  private at = 0;
  private state = 0;
  private readonly mask: Int32Array;
  private readonly used: Int32Array;
  private readonly invoked: Int32Array;
  /** Open calls by time of return, from `next[head]` on; those that took effect included. */
  private readonly next: Int32Array;
  private readonly head: number;

  /**
   * The way here: one frame a configuration. Its event, its state, the candidate being tried, the state before the optional
   * call that led here and that nothing made use of (else -1), and the mask.
   */
  private depth = 0;
  private frames: Int32Array;
  private readonly frameWords: number;
  private readonly config: Int32Array;
  private started = false;

  /** A legal order from one of the problem's initial states is enough. */
  constructor(problem: Problem, steps: Steps) {
    this.problem = problem;
    this.steps = steps;
    this.roots = problem.initial.map((state) => steps.idOf(state));
    this.head = problem.calls.ops.length;
    this.next = new Int32Array(this.head + 1);
    this.next[this.head] = this.head;
    this.maskWords = (problem.slots + 31) >> 5;
    this.mask = new Int32Array(this.maskWords);
    this.frameWords = frameHead + this.maskWords;
    this.frames = new Int32Array(16 * this.frameWords);
    this.used = new Int32Array(problem.groupClass.length);
    this.invoked = new Int32Array(problem.groupClass.length);
    this.keyWords = 2 + this.maskWords;
    const usedWords = (problem.optionalBits + 31) >> 5;
    this.memory = new ConfigSet(this.keyWords, usedWords);
    this.config = new Int32Array(this.keyWords + usedWords);
  }

  get bytes(): number {
    return this.memory.bytes + this.frames.byteLength;
  }

  run(nodes: number): 'ok' | 'violation' | 'more' {
    for (let left = nodes; left > 0; left--) {
      if (!this.started) {
        if (this.root === this.roots.length) return 'violation';
        if (this.begin(this.roots[this.root++]!)) return 'ok';
        continue;
      }
      const candidate = this.nextCandidate();
      if (candidate < 0) {
        if (--this.depth === 0) this.started = false;
        else this.restore();
        continue;
      }
      const idle = this.take(candidate);
      if (!this.advance()) return 'ok';
      if (!this.steps.neededAfter(this.state, this.at) && this.remember()) this.push(idle);
      else this.restore();
    }
    return 'more';
  }

  /** Begins at a root; true when no return needs a decision. */
  private begin(root: number): boolean {
    this.retreat(0);
    this.state = root;
    this.mask.fill(0);
    this.used.fill(0);
    if (!this.advance()) return true;
    if (!this.steps.neededAfter(root, this.at) && this.remember()) {
      this.push(-1);
      this.started = true;
    }
    return false;
  }

  /** Takes in events up to the return of a call that has not taken effect; false when there is none left. */
  private advance(): boolean {
    const { readOnly, slotOf, before, groupOf } = this.problem;
    const { events, classOf } = this.problem.calls;
    const { next, mask, head } = this;
    for (; this.at < events.length; this.at++) {
      const event = events[this.at]!;
      if (event >= 0) {
        const group = groupOf[event]!;
        if (group >= 0) {
          this.invoked[group]!++;
          continue;
        }
        const previous = before[event]!;
        next[event] = next[previous]!;
        next[previous] = event;
        const kind = classOf[event]!;
        if (readOnly[kind] === 1 && this.steps.next(this.state, kind) >= 0) {
          const slot = slotOf[event]!;
          mask[slot >> 5]! |= 1 << (slot & 31);
        }
      } else {
        const slot = slotOf[~event]!;
        const bit = 1 << (slot & 31);
        if ((mask[slot >> 5]! & bit) === 0) return true;
        mask[slot >> 5]! &= ~bit;
        next[head] = next[~event]!;
      }
    }
    return false;
  }

  /** Takes events back; masks and states are the frames' business. */
  private retreat(to: number): void {
    const { before, groupOf } = this.problem;
    const { events } = this.problem.calls;
    const { next, head } = this;
    while (this.at > to) {
      const event = events[--this.at]!;
      if (event < 0) {
        next[head] = ~event;
      } else {
        const group = groupOf[event]!;
        if (group >= 0) this.invoked[group]!--;
        else next[before[event]!] = next[event]!;
      }
    }
  }

  /** The next call to try at the top frame: open calls by time of return, then optional ones as `head + 1 + group`; or -1. */
  private nextCandidate(): number {
    const { readOnly, hidden, slotOf, groupClass } = this.problem;
    const { classOf } = this.problem.calls;
    const { next, mask, head, state, steps } = this;
    const { frames } = this;
    const top = (this.depth - 1) * this.frameWords;
    const idle = frames[top + frameIdle]!;
    let call = frames[top + frameCandidate]!;
    if (call <= head) {
      for (call = call === start ? next[head]! : next[call]!; call !== head; call = next[call]!) {
        const kind = classOf[call]!;
        const slot = slotOf[call]!;
        if (readOnly[kind] === 1 || (mask[slot >> 5]! & (1 << (slot & 31))) !== 0) continue;
        if (hidden[kind] === 1 && call !== next[head]) continue;
        const after = steps.next(state, kind);
        if (after < 0 || (idle >= 0 && steps.next(idle, kind) === after)) continue;
        frames[top + frameCandidate] = call;
        return call;
      }
    }
    for (let group = call - head; group < groupClass.length; group++) {
      if (this.used[group]! >= this.invoked[group]!) continue;
      const kind = groupClass[group]!;
      const after = steps.next(state, kind);
      if (after < 0 || after === state || (idle >= 0 && steps.next(idle, kind) === after)) continue;
      frames[top + frameCandidate] = head + 1 + group;
      return head + 1 + group;
    }
    return -1;
  }

  /** Lets a call take effect, and then every read-only call that is legal. Returns what a frame notes of an idle optional call. */
  private take(candidate: number): number {
    const { slotOf, groupClass } = this.problem;
    const { classOf } = this.problem.calls;
    const before = this.state;
    if (candidate > this.head) {
      const group = candidate - this.head - 1;
      this.used[group]!++;
      this.state = this.steps.next(before, groupClass[group]!);
      return this.takeAlong(groupClass[group]!) ? -1 : before;
    }
    const slot = slotOf[candidate]!;
    this.mask[slot >> 5]! |= 1 << (slot & 31);
    this.state = this.steps.next(before, classOf[candidate]!);
    this.takeAlong(classOf[candidate]!);
    return -1;
  }

  /** Open calls that take effect right after a call of this class (reads) or right before it; whether any did. */
  private takeAlong(taken: number): boolean {
    const { readOnly, hidden, blind, slotOf } = this.problem;
    const { classOf } = this.problem.calls;
    const { next, mask, head, state, steps } = this;
    const blindly = blind[taken] === 1;
    let any = false;
    for (let call = next[head]!; call !== head; call = next[call]!) {
      const kind = classOf[call]!;
      if (readOnly[kind] === 0 && !(blindly && hidden[kind] === 1)) continue;
      const slot = slotOf[call]!;
      const bit = 1 << (slot & 31);
      if ((mask[slot >> 5]! & bit) !== 0) continue;
      if (readOnly[kind] === 1 && steps.next(state, kind) < 0) continue;
      mask[slot >> 5]! |= bit;
      any = true;
    }
    return any;
  }

  private remember(): boolean {
    const config = this.config;
    const { mask, used, keyWords, maskWords } = this;
    config[0] = this.at;
    config[1] = this.state;
    for (let word = 0; word < maskWords; word++) config[2 + word] = mask[word]!;
    for (let word = keyWords; word < config.length; word++) config[word] = 0;
    const { groupBit } = this.problem;
    for (let group = 0; group < used.length; group++) {
      const from = groupBit[group]!;
      for (let bit = from; bit < from + used[group]!; bit++)
        config[keyWords + (bit >> 5)]! |= 1 << (bit & 31);
    }
    return this.memory.add(config);
  }

  private push(idle: number): void {
    const { frameWords, maskWords, mask } = this;
    const top = this.depth++ * frameWords;
    if (top === this.frames.length) this.frames = grown(this.frames, top * 2);
    const { frames } = this;
    frames[top + frameAt] = this.at;
    frames[top + frameState] = this.state;
    frames[top + frameCandidate] = start;
    frames[top + frameIdle] = idle;
    for (let word = 0; word < maskWords; word++) frames[top + frameHead + word] = mask[word]!;
  }

  /** Back to the top frame, before its candidate took effect. */
  private restore(): void {
    const { frames, maskWords, mask } = this;
    const top = (this.depth - 1) * this.frameWords;
    const candidate = frames[top + frameCandidate]!;
    if (candidate > this.head) this.used[candidate - this.head - 1]!--;
    this.retreat(frames[top + frameAt]!);
    this.state = frames[top + frameState]!;
    for (let word = 0; word < maskWords; word++) mask[word] = frames[top + frameHead + word]!;
  }
}
