import { resolve } from 'node:path';
import { usage } from '../base/trouble.ts';
import { recordedScenario } from '../replay/recorded-scenario.ts';
import { type Kind, kindsIn } from '../replay/same-finding.ts';
import type { ScenarioVerdict } from '../rule/verdict.ts';
import { openRun, type RunRecord, type ScenarioRecord } from '../run/run-directory.ts';
import { defineSuite } from '../scenario/define.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { colours as pc } from './colours.ts';

/** A scenario of a stored run that broke a promise, ready to be run again. */
export interface Recorded {
  run: RunRecord;
  record: ScenarioRecord;
  verdict: ScenarioVerdict;
  /** What is to come back. */
  kinds: Kind[];
  /** As it went: the same faults on the same servers, after what they followed. */
  scenario: Scenario;
}

/**
 * Opens a run and takes its red scenario, or the only red one whose name contains `filter`. Usage troubles say when
 * there is none or more than one, and when its servers were somebody else's.
 */
export function recordedIn(directory: string, filter: string | undefined): Recorded {
  const run = openRun(resolve(directory));
  if (run.meta.backend === 'external') {
    throw usage(directory, 'its servers were somebody else’s', 'give a run of `gauntlet run`');
  }
  const { record, verdict } = chosen(run, directory, filter);
  const scenario = recordedScenario({
    scenario: record.scenario(),
    plan: record.plan(),
    journal: record.journal(),
    ledger: record.ledger(),
    history: record.history(),
  });
  const [defined] = defineSuite({ name: 'recorded', scenarios: [scenario] }, record.dir).scenarios;
  return { run, record, verdict, kinds: kindsIn(verdict), scenario: defined! };
}

function chosen(run: RunRecord, directory: string, filter: string | undefined) {
  const wanted = (filter ?? '').toLowerCase();
  const named = run.scenarios.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (named.length === 0) {
    throw usage(`--filter "${filter}"`, 'no scenario of the run has it in its name', namesOf(run.scenarios));
  }
  const red = named
    .map((record) => ({ record, verdict: record.verdict() }))
    .filter(({ verdict }) => kindsIn(verdict).length > 0);
  const [only, second] = red;
  const thing = filter === undefined ? directory : `${directory} --filter "${filter}"`;
  if (!only) throw usage(thing, 'no scenario there broke a promise', 'give a run that is red');
  if (second) {
    const several = `${red.length} scenarios there broke a promise`;
    throw usage(thing, several, `choose one with --filter: ${namesOf(red.map(({ record }) => record))}`);
  }
  return only;
}

const namesOf = (records: readonly ScenarioRecord[]) => records.map(({ name }) => `"${name}"`).join(', ');

/** "durability: acknowledged write … of PATH is missing on SERVERS". */
export const kindInWords = ({ rule, what }: Kind) => `${rule}: ${pc.bold(what)}`;
