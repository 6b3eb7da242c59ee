import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { OwnServers } from '../backend/server-source.ts';
import { Trouble } from '../base/trouble.ts';
import { findingLike, type Kind, kindsIn } from '../replay/same-finding.ts';
import type { Tried } from '../replay/shrink.ts';
import type { Finding } from '../rule/verdict.ts';
import { run } from '../run/run.ts';
import { openRun } from '../run/run-directory.ts';
import { defineSuite } from '../scenario/define.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { oneAtATime } from './conduct.ts';

export interface TriesSetup {
  /** Every try gets a run directory in it. */
  directory: string;
  servers: OwnServers;
  release: string;
  seed: number;
  java: string | null;
  signal: AbortSignal;
}

/** A run that showed what is looked for. */
export interface Hit {
  directory: string;
  finding: Finding;
}

/** Tries scenarios one after the other, each as a run of its own; what they left is kept while it may be shown. */
export class Tries {
  readonly #setup: TriesSetup;
  /** The newest hit of each candidate. */
  readonly #hits = new Map<string, Hit>();
  kinds: readonly Kind[];
  count = 0;

  constructor(setup: TriesSetup, kinds: readonly Kind[]) {
    this.#setup = setup;
    this.kinds = kinds;
  }

  hitOf(scenario: Scenario): Hit | undefined {
    return this.#hits.get(keyOf(scenario));
  }

  /** What counts from now on; the newest run of this scenario is told by that. */
  lookFor(kinds: readonly Kind[], scenario: Scenario): void {
    this.kinds = kinds;
    const hit = this.hitOf(scenario);
    const finding = hit && findingLike(openRun(hit.directory).scenarios[0]!.verdict(), kinds);
    if (hit && finding) hit.finding = finding;
  }

  /** Forgets all other candidates, or this one alone. */
  keepOnly(scenario: Scenario, kept: boolean): void {
    for (const [key, { directory }] of this.#hits) {
      if ((key === keyOf(scenario)) === kept) continue;
      rmSync(directory, { recursive: true, force: true });
      this.#hits.delete(key);
    }
  }

  /** A candidate that no suite could hold is refused; what the machine lacks is a Trouble. */
  async try(candidate: Scenario): Promise<{ tried: Tried; kinds: Kind[] }> {
    const scenario = definable(candidate);
    if (!scenario) return { tried: 'refused', kinds: [] };
    const { directory: out, release, signal, ...setup } = this.#setup;
    const directory = join(out, `${basename(out)}-try-${++this.count}`);
    mkdirSync(directory, { recursive: true });
    const { scenarios } = await run({
      ...{ ...setup, suite: 'shrink', scenarios: [scenario], directory, signal },
      ...{ releases: [release], ...oneAtATime, command: `gauntlet shrink, try ${this.count}` },
      onEvent: () => undefined,
    });
    const [verdict] = scenarios;
    const finding = findingLike(verdict!, this.kinds);
    const old = finding ? this.hitOf(candidate)?.directory : directory;
    if (old !== undefined) rmSync(old, { recursive: true, force: true });
    if (finding) this.#hits.set(keyOf(candidate), { directory, finding });
    return { tried: finding ? 'hit' : 'miss', kinds: kindsIn(verdict!) };
  }
}

/** Two scenarios with the same key are the same one. */
export const keyOf = (scenario: Scenario) => JSON.stringify(scenario);

function definable(scenario: Scenario): Scenario | undefined {
  try {
    return defineSuite({ name: 'shrink', scenarios: [scenario] }).scenarios[0];
  } catch (error) {
    if (error instanceof Trouble) return undefined;
    throw error;
  }
}
