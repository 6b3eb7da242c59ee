import type { Calls } from './calls.ts';
import { Contest, type Engine } from './contest.ts';
import { problemOf, type Specification } from './problem.ts';

/** The first round, in configurations. */
const firstRound = 2048;
/** Rounds grow while one contest takes less than this for it: deadlines are kept and messages read in between. */
const roundMs = 50;

export interface Task {
  readonly part: number;
  readonly calls: Calls;
  readonly engines: readonly Engine[];
}

export interface TaskVerdict {
  readonly part: number;
  readonly verdict: 'ok' | 'violation' | 'memory';
}

/** Contests of several parts, in rounds of doubling length: a part that is easy is not held up by one that is not. */
export class Rounds {
  private readonly specification: Specification;
  private readonly memoryBytes: number;
  private readonly waiting: Task[];
  private open: { part: number; contest: Contest }[] = [];
  private readonly dropped = new Set<number>();
  private nodes = firstRound;

  constructor(specification: Specification, tasks: readonly Task[], memoryBytes: number) {
    this.specification = specification;
    this.memoryBytes = memoryBytes;
    this.waiting = [...tasks];
  }

  get done(): boolean {
    return this.waiting.length === 0 && this.open.length === 0;
  }

  /** Runs every open contest for a while, new ones first; yields a verdict as soon as there is one, else undefined after each. */
  *round(): Generator<TaskVerdict | undefined> {
    for (let task = this.waiting.shift(); task !== undefined; task = this.waiting.shift()) {
      const contest = new Contest(problemOf(task.calls, this.specification), task.engines);
      yield this.play(task.part, contest, firstRound);
    }
    const contests = this.open;
    this.open = [];
    const began = performance.now();
    for (const { part, contest } of contests)
      if (!this.dropped.has(part)) yield this.play(part, contest, this.nodes);
    if (performance.now() - began < roundMs * contests.length) this.nodes *= 2;
  }

  /** Forgets a part that somebody else decided. */
  drop(part: number): void {
    this.dropped.add(part);
    this.open = this.open.filter((each) => each.part !== part);
  }

  private play(part: number, contest: Contest, nodes: number): TaskVerdict | undefined {
    const verdict = contest.run(nodes, this.memoryBytes / (this.open.length + 1));
    if (verdict !== 'more') return { part, verdict };
    this.open.push({ part, contest });
    return undefined;
  }
}
