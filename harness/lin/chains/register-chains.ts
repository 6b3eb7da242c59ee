import { type LinHistory, outcomeCodes } from '../history.ts';
import type { Part } from '../partition.ts';
import { nil } from '../values.ts';
import { type Chains, contradictionIn } from './chains.ts';
import { type Breach, type Decision, ok, undecided, violation } from './decision.ts';
import { registerCore } from './register-core.ts';
import type { Scratch } from './scratch.ts';

/** Flags of a value. */
const observed = 1;
const ambiguous = 2;

/** What a call does to the register. */
const reads = 0;
const writes = 1;
const swaps = 2;
const refused = 3;

/**
 * Registers, with or without compare-and-set, whose observed values were each written once: who wrote what a read
 * returned is then known, and a compare-and-set from a to b ties b's readers right behind a's, so that `chains.ts`
 * decides. Calls of unknown outcome are kept iff somebody observed their value (then they did take effect, as nobody else
 * wrote it), and left out otherwise: if such a call did take effect, taking it out of a legal order leaves a legal one,
 * because the next call that depends on the value comes after another write. A failed compare-and-set saw "not a"; that
 * leaving it out gives a violation is final (it changes nothing), that it gives an order is not.
 */
export function decideRegister(history: LinHistory, part: Part, scratchOf: () => Scratch): Decision {
  if (writesIn(history, part) > history.values.size) return undecided('values were written again and again');
  const chains = new RegisterChains(history, part, scratchOf());
  try {
    return chains.decide();
  } finally {
    chains.reset();
  }
}

/** Calls that write or may write; more of them than there are values in the history is not a case for chains. */
function writesIn({ f, names }: LinHistory, { events }: Part): number {
  const read = names.indexOf('read');
  let writes = 0;
  for (let at = 0; at < events.length; at++) if (events[at]! >= 0 && f[events[at]!] !== read) writes++;
  return writes;
}

/** Also read by `registerCore`, which explains a breach. */
export class RegisterChains {
  readonly history: LinHistory;
  readonly part: Part;
  private readonly scratch: Scratch;
  private readonly roleOfName: Uint8Array;
  /** Unknown compare-and-set calls whose value is observed, for what they observed in turn. */
  private readonly pending: number[] = [];
  private sawRefusal = false;

  constructor(history: LinHistory, part: Part, scratch: Scratch) {
    this.history = history;
    this.part = part;
    this.scratch = scratch;
    this.roleOfName = Uint8Array.from(history.names, (name) =>
      name === 'write' ? writes : name === 'cas' ? swaps : reads,
    );
  }

  decide(): Decision {
    this.findWriters();
    const strange = this.observeAll();
    if (strange !== undefined) return this.asDecision(strange);
    const chains = this.buildChains();
    if ('kind' in chains) return this.asDecision(chains);
    const breach = contradictionIn(this.part, chains);
    if (breach !== undefined) return this.asDecision(breach);
    return this.sawRefusal ? undecided('a failed compare-and-set says what the value was not') : ok;
  }

  /** Undoes what the part left in arrays that all parts share. */
  reset(): void {
    const { writerOf, valueFlags, nextOf } = this.scratch;
    for (const op of this.part.events) {
      if (op < 0) continue;
      nextOf[op] = -1;
      const target = this.targetOf(op);
      const source = this.sourceOf(op);
      writerOf[target] = writerOf[source] = -1;
      valueFlags[target] = valueFlags[source] = 0;
    }
  }

  private asDecision(found: Breach | 'ambiguous'): Decision {
    if (found === 'ambiguous') return undecided('a value that was observed had been written more than once');
    return violation(found, registerCore(this, found));
  }

  private roleOf(op: number): number {
    const role = this.roleOfName[this.history.f[op]!]!;
    if (role !== swaps) return role;
    if (this.history.outcome[op] === outcomeCodes.fail) return refused;
    const { values, input } = this.history;
    return values.item(input[op]!, 0) === values.item(input[op]!, 1) ? reads : swaps;
  }

  /** The value a call leaves in the register, or nil. */
  targetOf(op: number): number {
    const { input, values } = this.history;
    const role = this.roleOf(op);
    return role === writes ? input[op]! : role === swaps ? values.item(input[op]!, 1) : nil;
  }

  /** The value a call found, as far as its answer tells; nil for a write. */
  sourceOf(op: number): number {
    const { f, input, output, values } = this.history;
    const role = this.roleOf(op);
    if (role === writes) return nil;
    return this.roleOfName[f[op]!] === swaps ? values.item(input[op]!, 0) : output[op]!;
  }

  isRead(op: number): boolean {
    return this.roleOf(op) === reads;
  }

  isSwap(op: number): boolean {
    return this.roleOf(op) === swaps;
  }

  rankOf(op: number): number {
    return this.scratch.rankOf[op]!;
  }

  isUnknown(op: number): boolean {
    return this.history.outcome[op] === outcomeCodes.unknown;
  }

  private findWriters(): void {
    const { writerOf, valueFlags } = this.scratch;
    for (const op of this.part.events) {
      if (op < 0) continue;
      const role = this.roleOf(op);
      if (role === refused) this.sawRefusal = true;
      if (role !== writes && role !== swaps) continue;
      const value = this.targetOf(op);
      if (writerOf[value]! >= 0 || value === nil) valueFlags[value]! |= ambiguous;
      else writerOf[value] = op;
    }
  }

  private observeAll(): Breach | 'ambiguous' | undefined {
    for (const op of this.part.events) {
      if (op < 0 || this.isUnknown(op)) continue;
      const role = this.roleOf(op);
      if (role !== reads && role !== swaps) continue;
      const strange = this.observe(this.sourceOf(op), op);
      if (strange !== undefined) return strange;
    }
    for (let op = this.pending.pop(); op !== undefined; op = this.pending.pop()) {
      const strange = this.observe(this.sourceOf(op), op);
      if (strange !== undefined) return strange;
    }
    return undefined;
  }

  private observe(value: number, op: number): Breach | 'ambiguous' | undefined {
    const { writerOf, valueFlags } = this.scratch;
    const flags = valueFlags[value]!;
    if ((flags & ambiguous) !== 0) return 'ambiguous';
    if ((flags & observed) !== 0) return undefined;
    valueFlags[value] = flags | observed;
    if (value === nil) return undefined;
    const writer = writerOf[value]!;
    if (writer < 0) return { kind: 'unwritten', op };
    if (this.isUnknown(writer) && this.roleOf(writer) === swaps) this.pending.push(writer);
    return undefined;
  }

  /** Whether a call took effect for all we know. */
  isKept(op: number): boolean {
    return !this.isUnknown(op) || (this.scratch.valueFlags[this.targetOf(op)]! & observed) !== 0;
  }

  /** Each write begins a chain; a compare-and-set continues the chain of the value it found. */
  private buildChains(): Chains | Breach {
    const { chainOf, rankOf } = this.scratch;
    const { events } = this.part;
    let count = 0;
    const first = (this.scratch.valueFlags[nil]! & observed) !== 0 ? count++ : -1;
    let swapCount = 0;
    for (const op of events) {
      if (op < 0) continue;
      chainOf[op] = -1;
      const role = this.roleOf(op);
      if (role === writes && this.isKept(op)) {
        chainOf[op] = count++;
        rankOf[op] = 0;
      } else if (role === swaps && this.isKept(op)) {
        swapCount++;
      }
    }
    const strange = swapCount > 0 ? this.linkSwaps(swapCount, first) : undefined;
    if (strange !== undefined) return strange;
    for (const op of events) {
      if (op < 0 || this.isUnknown(op) || this.roleOf(op) !== reads) continue;
      const writer = this.writerOf(this.sourceOf(op));
      chainOf[op] = writer < 0 ? first : chainOf[writer]!;
      rankOf[op] = writer < 0 ? 1 : rankOf[writer]! + 1;
    }
    return { count, chainOf, rankOf, first };
  }

  /** The call that wrote a value, or -1 for the initial one. */
  writerOf(value: number): number {
    return value === nil ? -1 : this.scratch.writerOf[value]!;
  }

  /** Gives every compare-and-set the chain of the value it found and the next even rank. */
  private linkSwaps(swapCount: number, first: number): Breach | undefined {
    const { nextOf } = this.scratch;
    const { events } = this.part;
    let nextOfFirst = -1;
    for (const op of events) {
      if (op < 0 || this.roleOf(op) !== swaps || !this.isKept(op)) continue;
      const writer = this.writerOf(this.sourceOf(op));
      const other = writer < 0 ? nextOfFirst : nextOf[writer]!;
      if (other >= 0) return { kind: 'twice', ops: [other, op] };
      if (writer < 0) nextOfFirst = op;
      else nextOf[writer] = op;
    }
    let linked = this.rankFrom(nextOfFirst, first);
    for (const op of events)
      if (op >= 0 && this.roleOf(op) === writes)
        linked += this.rankFrom(nextOf[op]!, this.scratch.chainOf[op]!);
    return linked === swapCount ? undefined : { kind: 'circle', op: this.unlinked() };
  }

  /** Numbers the calls from `op` on; how many they are. */
  private rankFrom(op: number, chain: number): number {
    const { chainOf, rankOf, nextOf } = this.scratch;
    let count = 0;
    for (let at = op; at >= 0; at = nextOf[at]!) {
      chainOf[at] = chain;
      rankOf[at] = ++count * 2;
    }
    return count;
  }

  private unlinked(): number {
    for (const op of this.part.events)
      if (op >= 0 && this.roleOf(op) === swaps && this.isKept(op) && this.scratch.chainOf[op] === -1)
        return op;
    throw new Error('compare-and-set calls were lost');
  }
}
