import type { Call } from '../model.ts';
import type { Breach, Core } from './decision.ts';
import type { RegisterChains } from './register-chains.ts';

/**
 * The calls that make a breach: those it names, who wrote what they saw, the compare-and-set calls that tie them to one
 * chain, and who observed a value whose writer got no answer. Everything else may be deleted: first the failed
 * compare-and-set and the reads, which change nothing; then all calls on any other values, whose places in a legal
 * order nobody else would miss. Where a chain is cut off at its beginning, the compare-and-set there is taken
 * for a write, which is legal wherever it was.
 */
export function registerCore(chains: RegisterChains, breach: Breach): Core {
  const core = new CoreBuilder(chains);
  switch (breach.kind) {
    case 'order':
      core.tie(breach.later, breach.earlier);
      break;
    case 'overlap':
      core.tie(breach.before[0], breach.after[1]);
      core.tie(breach.after[0], breach.before[1]);
      break;
    case 'unwritten':
      core.add(breach.op);
      break;
    case 'twice':
      for (const op of breach.ops) core.add(op);
      core.add(chains.writerOf(chains.sourceOf(breach.ops[0])));
      break;
    case 'circle':
      core.circle(breach.op);
      break;
    default:
      throw new Error(`a register has no breach "${breach.kind}"`);
  }
  return core.finish();
}

class CoreBuilder {
  private readonly chains: RegisterChains;
  private readonly ops = new Set<number>();

  constructor(chains: RegisterChains) {
    this.chains = chains;
  }

  add(op: number): void {
    if (op >= 0) this.ops.add(op);
  }

  /** Two calls of one chain (-1: its initial state) and the writers between the values they are about. */
  tie(one: number, other: number): void {
    const [low, high] = this.rank(one) <= this.rank(other) ? [one, other] : [other, one];
    this.add(low);
    this.add(high);
    const lowest = this.writerBehind(low);
    let writer = this.writerBehind(high);
    while (writer !== lowest && writer >= 0) {
      this.add(writer);
      writer = this.chains.writerOf(this.chains.sourceOf(writer));
    }
    this.add(writer);
  }

  /** Follows what each call needs until a call comes again, and takes the calls from there on. */
  circle(op: number): void {
    const way = new Set<number>();
    const before = (at: number) => this.chains.writerOf(this.chains.sourceOf(at));
    let at = op;
    for (; !way.has(at); at = before(at)) way.add(at);
    for (; !this.ops.has(at); at = before(at)) this.add(at);
    // Calls without an answer that saw only each other need not have taken effect: somebody else saw one of them.
    const circle = [...this.ops];
    if (circle.every((op) => this.chains.isUnknown(op)))
      this.add(circle.map((op) => this.readersOf(op)[0]!).find((reader) => !this.chains.isUnknown(reader))!);
  }

  finish(): Core {
    for (const op of this.ops) this.addWitnessOf(op);
    const as = new Map<number, Call>();
    for (const op of this.ops) if (this.chains.isSwap(op) && this.isCutOff(op)) as.set(op, this.asWrite(op));
    return { ops: [...this.ops], as };
  }

  private rank(op: number): number {
    return op < 0 ? 0 : this.chains.rankOf(op);
  }

  /** The call that wrote the value this call is about. */
  private writerBehind(op: number): number {
    if (op < 0) return -1;
    return this.chains.isRead(op) ? this.chains.writerOf(this.chains.sourceOf(op)) : op;
  }

  /** A call without an answer took effect because somebody observed its value: if nobody here did, adds one who did. */
  private addWitnessOf(op: number): void {
    if (!this.chains.isUnknown(op)) return;
    const witnesses = this.readersOf(op);
    if (!witnesses.some((witness) => this.ops.has(witness))) this.add(witnesses[0]!);
  }

  /** Calls that saw the value a call wrote, those with an answer first. */
  private readersOf(op: number): number[] {
    const { chains } = this;
    const value = chains.targetOf(op);
    const found = [...chains.part.events].filter(
      (event) =>
        event >= 0 &&
        (chains.isSwap(event) ? chains.isKept(event) : chains.isRead(event) && !chains.isUnknown(event)) &&
        chains.sourceOf(event) === value,
    );
    return found.sort((a, b) => Number(chains.isUnknown(a)) - Number(chains.isUnknown(b)));
  }

  private isCutOff(op: number): boolean {
    const source = this.chains.writerOf(this.chains.sourceOf(op));
    return source >= 0 && !this.ops.has(source);
  }

  private asWrite(op: number): Call {
    const { history } = this.chains;
    return {
      key: history.values.valueOf(history.key[op]!),
      f: 'write',
      input: history.values.valueOf(this.chains.targetOf(op)),
      output: null,
      outcome: this.chains.isUnknown(op) ? 'unknown' : 'ok',
    };
  }
}
