import type { ScenarioInput } from '../../harness/scenario/scenario.ts';

/** No clients but those that steps name, and no waiting between them. */
export const scripted = { workload: { use: 'scripted' }, warmUpMs: 0, coolDownMs: 0 } as const;

/** Of three servers 2 or 3 leads: it forms the quorum with 1, and the other one comes later. */
export const ledBy = (leader: 2 | 3) => ({
  begin: [1, leader],
  formation: [{ when: { seen: { leader } }, start: [5 - leader] }],
});

/** A known bug: what brings it back, and what must find it. Only the steps are about it; the rules know nothing of it. */
export interface Recipe {
  /** Of the issue, and a word more where one issue has several recipes: "ZOOKEEPER-2845", "ZOOKEEPER-2845-kill". */
  id: string;
  /** The guarantee that breaks, as a client sees it. */
  breaks: string;
  /** A release that has it, and one that has not; absent where none is without it. */
  bad: string;
  healthy?: string;
  /** Of a bug of Kafka, whose releases those then are: the release of the servers below. */
  servers?: string;
  /** Other releases on which these steps brought it out when they were tried by hand. */
  alsoBad?: readonly string[];
  /** Rules of which at least one must find it. */
  caughtBy: readonly string[];
  /** The same steps on any release. */
  scenario(release: string): Omit<ScenarioInput, 'name' | 'about'>;
}
