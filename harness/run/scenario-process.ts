import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Site } from '../backend/backend.ts';
import { siteOf } from '../backend/site-of.ts';
import { clockSince } from '../base/clock.ts';
import { inTurn } from '../base/in-turn.ts';
import { messageOf } from '../base/trouble.ts';
import { Ensemble } from '../ensemble/ensemble.ts';
import { RoleSampler } from '../ensemble/sampler.ts';
import { OpenCuts } from '../fault/open-cuts.ts';
import type { Plan } from '../plan/plan.ts';
import { Clients } from '../workload/clients.ts';
import type { ScenarioEvent, ScenarioOrder } from './events.ts';
import { Journal } from './journal.ts';
import type { ScenarioPhase } from './journal-entry.ts';
import type { ScenarioOutcome } from './outcome.ts';
import { play } from './procedure.ts';
import { lacking } from './requirements.ts';
import { readStored, type ScenarioFile } from './stored.ts';

/**
 * The process that owns one scenario: its ensemble, its faults and its directory. It lives as long as its stdin is
 * open; in the sandbox its death ends everything it started.
 */
async function main(): Promise<void> {
  const order = await readOrder();
  const { directory } = order;
  const file = readStored<ScenarioFile>(join(directory, 'scenario.json'));
  const plan = readStored<Plan>(join(directory, 'plan.json'));
  const clock = clockSince(file.origin);
  let phase: ScenarioPhase = 'provision';
  const journal = new Journal(join(directory, 'journal.ndjson'), clock, (entry) => {
    if (entry.kind === 'phase') phase = entry.phase;
    emit({ event: 'journal', entry });
  });

  const outcome = await run().catch((error): ScenarioOutcome => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return { kind: 'broken', phase, reason: messageOf(error) };
  });
  journal.close();
  writeFileSync(join(directory, 'outcome.json'), `${JSON.stringify(outcome)}\n`);

  async function run(): Promise<ScenarioOutcome> {
    journal.write({ kind: 'phase', phase: 'provision' });
    const logDirectory = join(directory, 'logs');
    mkdirSync(logDirectory, { recursive: true });
    const site = await siteOf(order.servers, {
      topology: file.topology,
      clock,
      logDirectory,
      runId: order.runId,
    });
    const missing = lacking(plan, site.capabilities);
    if (missing) {
      await site.dispose();
      return { kind: 'unsupported', ...missing };
    }
    return withEnsemble(site);
  }

  async function withEnsemble(site: Site): Promise<ScenarioOutcome> {
    const ensemble = new Ensemble(site, journal);
    const sampler = new RoleSampler(join(directory, 'roles.ndjson'), ensemble, clock, ({ sid, role }) =>
      emit({ event: 'role', sid, role }),
    );
    const clients = new Clients(
      {
        origin: file.origin,
        seed: plan.seed,
        endpoints: [...site.machines.values()].map(({ endpoint }) => endpoint),
        historyPath: join(directory, 'history.arrows'),
        workload: file.workload,
      },
      (tally) => emit({ event: 'tally', tally }),
    );
    const cuts = new OpenCuts(site);
    let outcome: ScenarioOutcome | undefined;
    // What went wrong first is told first, also when it makes every later step fail.
    await inTurn(
      async () => {
        outcome = await play({ scenario: file, plan, ensemble, cuts, clients, journal, clock });
      },
      () => clients.finish(),
      () => sampler.close(),
      () => ensemble.halt(),
      () => keepData(site),
      () => ensemble.dispose(),
    );
    if (!outcome) throw new Error('a scenario that was played to its end has an outcome');
    return outcome;
  }

  /** Kept until the verdict is known; a run that passed does not need it. */
  async function keepData(site: Site): Promise<void> {
    for (const machine of site.machines.values()) await machine.keepData(join(directory, 'evidence'));
  }
}

function emit(event: ScenarioEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

async function readOrder(): Promise<ScenarioOrder> {
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => process.exit(3));
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as ScenarioOrder;
}

await main();
process.exit(0);
