import type { Scenario } from '../scenario/scenario.ts';
import { namesAllReleases, releaseOf } from '../topology/resolve.ts';
import type { Topology } from '../topology/topology.ts';

/** A scenario on one release. */
export interface Turn {
  scenario: Scenario;
  /** With its release where the scenario has several turns. */
  name: string;
  /** Of its folder; unique in a run. */
  slug: string;
  topology: Topology;
  /** Of servers that name none; what all run, where all name theirs: "3.4.14", or "3.8.0 + 3.9.5". */
  release: string;
}

/**
 * Every scenario once per release, turns of one scenario side by side; one whose servers all name theirs has one turn.
 * `topologyOf` resolves a scenario, given the release of servers that name none.
 */
export function turnsOf(
  scenarios: readonly Scenario[],
  releases: readonly [string, ...string[]],
  topologyOf: (scenario: Scenario, release: string) => Topology,
): Turn[] {
  const turns = scenarios.flatMap((scenario) => {
    if (namesAllReleases(scenario.topology)) {
      const topology = topologyOf(scenario, releases[0]);
      return [{ scenario, topology, release: releaseOf(topology), several: false }];
    }
    return releases.map((release) => {
      const topology = topologyOf(scenario, release);
      return { scenario, topology, release, several: releases.length > 1 };
    });
  });
  return turns.map(({ several, ...turn }, i) => ({
    ...turn,
    name: several ? `${turn.scenario.name} (${turn.release})` : turn.scenario.name,
    slug: slugOf(turn.scenario.name, several ? turn.release : '', i, turns.length),
  }));
}

/** "03-the-leader-is-killed", "03-3.4.14-the-leader-is-killed": sorts in the order of the suite, safe in every file system. */
export function slugOf(name: string, release: string, index: number, count: number): string {
  const number = String(index + 1).padStart(String(count).length, '0');
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const parts = [number, release, words.slice(0, 60)];
  return parts.filter((part) => part !== '').join('-');
}
