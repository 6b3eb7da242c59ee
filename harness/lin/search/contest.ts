import { DepthFirst } from './depth-first.ts';
import { Frontier } from './frontier.ts';
import type { Problem } from './problem.ts';
import type { Search } from './search.ts';
import { Steps } from './steps.ts';

export const engines = ['depth-first', 'frontier'] as const;
export type Engine = (typeof engines)[number];

/** The first engine begins alone: most histories need no more than this many configurations. */
const aloneNodes = 2048;

/**
 * Searches on one problem, taking turns of doubling length: each is hopeless on some histories where the other is quick.
 * Whoever knows first decides.
 */
export class Contest {
  private readonly problem: Problem;
  private readonly steps: Steps;
  private readonly waiting: Engine[];
  private readonly searches: Search[] = [];
  private turn = aloneNodes;

  constructor(problem: Problem, chosen: readonly Engine[] = engines) {
    this.problem = problem;
    this.steps = new Steps(problem);
    this.waiting = [...chosen];
    this.begin();
  }

  /** Memory it holds, roughly. */
  get bytes(): number {
    return this.searches.reduce((sum, search) => sum + search.bytes, this.steps.bytes);
  }

  /**
   * About `nodes` configurations of each search. Where they hold more than `memoryBytes`, the largest is given up, and
   * without any left that is the end.
   */
  run(nodes: number, memoryBytes = Number.POSITIVE_INFINITY): 'ok' | 'violation' | 'more' | 'memory' {
    for (let left = nodes; left > 0; ) {
      const turn = Math.min(this.turn, left);
      for (const search of this.searches) {
        const verdict = search.run(turn);
        if (verdict !== 'more') return verdict;
      }
      left -= turn;
      this.turn *= 2;
      this.begin();
      if (!this.fitIn(memoryBytes)) return 'memory';
    }
    return 'more';
  }

  private begin(): void {
    const engine = this.waiting.shift();
    if (engine === undefined) return;
    const Search = engine === 'frontier' ? Frontier : DepthFirst;
    this.searches.push(new Search(this.problem, this.steps));
  }

  private fitIn(memoryBytes: number): boolean {
    while (this.searches.length > 0 && this.bytes > memoryBytes) {
      const sizes = this.searches.map((search) => search.bytes);
      this.searches.splice(sizes.indexOf(Math.max(...sizes)), 1);
    }
    return this.searches.length > 0;
  }
}
