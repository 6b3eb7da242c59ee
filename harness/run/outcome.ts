import type { ScenarioPhase } from './journal-entry.ts';

/**
 * How a scenario ended apart from any rule; outcome.json. A missing file means that the scenario process died.
 * `completed`: every phase was gone through. `stalled`: the ensemble did not come back, so later phases were skipped
 * (whether that is a breach is for the rules to say). `unsupported`: this machine cannot do what it asks for.
 * `broken`: the harness, the machine or the set-up failed; nothing is proven.
 */
export type ScenarioOutcome =
  | { kind: 'completed' }
  | { kind: 'stalled'; phase: ScenarioPhase; reason: string }
  | { kind: 'unsupported'; reason: string; remedy: string }
  | { kind: 'broken'; phase: ScenarioPhase; reason: string };
