import type { ScenarioInput } from '../../harness/scenario/scenario.ts';

/** A known bug: what brings it back, and what must find it. Only the steps are about it; the rules know nothing of it. */
export interface Recipe {
  /** Of the issue, and a word more where one issue has several recipes: "ZOOKEEPER-2845", "ZOOKEEPER-2845-kill". */
  id: string;
  /** The guarantee that breaks, as a client sees it. */
  breaks: string;
  /** A release that has it, and one that has not. */
  bad: string;
  healthy: string;
  /** Rules of which at least one must find it. */
  caughtBy: readonly string[];
  /** The same steps on any release. */
  scenario(release: string): Omit<ScenarioInput, 'name' | 'about'>;
}
