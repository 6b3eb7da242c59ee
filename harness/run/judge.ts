import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../base/trouble.ts';
import { wire } from '../client/foreign/catalogue.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { reconstruct } from '../ledger/reconstruct.ts';
import type { Plan } from '../plan/plan.ts';
import { startOf } from '../plan/start.ts';
import { rulesOf } from '../rule/applicable.ts';
import { judgeScenario } from '../rule/judge.ts';
import type { Evidence } from '../rule/rule.ts';
import { type ScenarioVerdict, worst } from '../rule/verdict.ts';
import { nodeName } from '../topology/topology.ts';
import type { ScenarioOutcome } from './outcome.ts';
import { scenarioIn, transactionsFile } from './run-directory.ts';
import { readStored, type ScenarioFile } from './stored.ts';

/** What is not known of servers that somebody else runs. */
const unknownOfOthers: Evidence['lacks'] = {
  'server-logs': 'the logs of servers that somebody else runs are not at hand',
  'server-processes': 'which servers ran, and what linked them, is not known to somebody who only attached',
  'server-disks': 'the disks of servers that somebody else runs are not at hand',
};

/** Which quorum counts, and for whom, is then each server's own. */
const severalMemberships: Evidence['lacks'] = {
  'one-membership': 'servers were started with different lists of servers in their zoo.cfg',
};

/** What a client library does not show; rules that can do with Stats judge what it does show. */
const hidden = (client: string): Evidence['lacks'] => ({
  'reply-zxids': `the client ${client} does not show the zxids of its replies`,
});

export interface Judged {
  verdict: ScenarioVerdict;
  /** What the rules read the server logs as; absent when there was nothing to judge. */
  ledger?: Ledger;
}

/** As `judgeScenarioIn`; a judge that fails is a scenario without a verdict, and that is `invalid`, never a crash. */
export function judgeOrInvalid(directory: string, scenario: string, failure?: string): Judged {
  try {
    return judgeScenarioIn(directory, failure);
  } catch (error) {
    const reasons = [...(failure === undefined ? [] : [failure]), messageOf(error)];
    return { verdict: { scenario, verdict: 'invalid', reasons, rules: [] } };
  }
}

/**
 * Judges one scenario from its directory alone: the same evidence gives the same verdict, tonight or in a year.
 * `failure` is why its process died, when the caller saw that; a missing outcome.json says the same.
 */
export function judgeScenarioIn(directory: string, failure?: string): Judged {
  const record = scenarioIn(directory);
  const file = readStored<ScenarioFile>(join(directory, 'scenario.json'));
  const outcome = outcomeIn(directory);
  const unjudged = (verdict: 'invalid' | 'unsupported', reason: string): Judged => ({
    verdict: { scenario: file.name, verdict, reasons: [reason], rules: [] },
  });
  if (outcome?.kind === 'unsupported') return unjudged('unsupported', `${outcome.reason}; ${outcome.remedy}`);
  if (!existsSync(join(directory, 'history.arrows'))) {
    return unjudged('invalid', brokenBecause(outcome, failure) ?? 'no client history was recorded');
  }

  const journal = record.journal();
  const samples = record.roles();
  const logs = new Map(file.topology.nodes.map(({ sid }) => [sid, record.log(nodeName(sid))]));
  const history = record.history();
  const plan = record.plan();
  const ledger = reconstruct({ logs, origin: file.origin, journal, samples, history });

  const { origin, topology, backend, root, untested = [], ...scenario } = file;
  const attached = backend === 'external';
  const { client = wire } = scenario.workload;
  const records = file.records && record.records();
  const noJava = records?.find((row) => row.kind === 'no-java-clients');
  const collected = existsSync(join(directory, transactionsFile));
  const judged = judgeScenario(
    {
      origin,
      scenario,
      topology,
      plan,
      journal,
      roles: samples,
      ledger,
      history,
      root,
      ...(client !== wire && { clients: record.clients() }),
      ...(records && { records }),
      ...(collected && { transactions: record.transactions() }),
      lacks: {
        ...(attached && unknownOfOthers),
        ...(client !== wire && hidden(client)),
        ...(listsDiffer(plan) && severalMemberships),
        ...(noJava && { 'java-clients': noJava.reason }),
      },
    },
    rulesOf(scenario),
  );
  if (untested.length > 0) judged.untested = [...untested, ...(judged.untested ?? [])];
  const doubt = doubtIn(outcome, failure);
  if (!doubt) return { verdict: judged, ledger };
  const verdict = worst([judged.verdict, doubt.verdict]);
  return { verdict: { ...judged, verdict, reasons: [doubt.reason, ...judged.reasons] }, ledger };
}

/** Whether a step starts a server with a list of servers of its own. */
function listsDiffer({ formation = [], steps }: Plan): boolean {
  return [...formation, ...steps].some(
    ({ start = [], faults }) =>
      start.some((each) => startOf(each).peers) || faults.some(({ params }) => params.peers !== undefined),
  );
}

/** What keeps a scenario from passing whatever the rules say: it was not gone through to its end. */
function doubtIn(
  outcome: ScenarioOutcome | undefined,
  failure: string | undefined,
): { verdict: 'invalid' | 'inconclusive'; reason: string } | undefined {
  const broken = brokenBecause(outcome, failure);
  if (broken !== undefined) return { verdict: 'invalid', reason: broken };
  if (outcome?.kind !== 'stalled') return undefined;
  return { verdict: 'inconclusive', reason: `stopped in phase "${outcome.phase}": ${outcome.reason}` };
}

/** Why nothing is proven. A stall is not among them: what it means is for the rules to say. */
function brokenBecause(
  outcome: ScenarioOutcome | undefined,
  failure: string | undefined,
): string | undefined {
  if (failure !== undefined) return failure;
  if (!outcome) return 'the scenario process died before its end';
  if (outcome.kind === 'broken') return `phase "${outcome.phase}" did not succeed: ${outcome.reason}`;
  return undefined;
}

function outcomeIn(directory: string): ScenarioOutcome | undefined {
  const path = join(directory, 'outcome.json');
  return existsSync(path) ? readStored<ScenarioOutcome>(path) : undefined;
}
