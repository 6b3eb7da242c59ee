import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Site } from '../backend/backend.ts';
import type { ServerSource } from '../backend/server-source.ts';
import { siteOf } from '../backend/site-of.ts';
import { clockSince } from '../base/clock.ts';
import { inTurn } from '../base/in-turn.ts';
import { messageOf } from '../base/trouble.ts';
import { Undo } from '../base/undo.ts';
import type { Auth } from '../client/auth.ts';
import { javaClientsCommand } from '../distribution/java-clients.ts';
import { Ensemble } from '../ensemble/ensemble.ts';
import { RoleSampler } from '../ensemble/sampler.ts';
import { OpenCuts } from '../fault/open-cuts.ts';
import type { Plan } from '../plan/plan.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { Clients } from '../workload/clients.ts';
import { RecordsClients } from '../workload/records/clients.ts';
import type { RecordsStart } from '../workload/records/messages.ts';
import { collectTransactions, evidenceFolder } from './collect-transactions.ts';
import { dumpLogs } from './dump-logs.ts';
import type { ScenarioEvent, ScenarioOrder } from './events.ts';
import { Journal } from './journal.ts';
import type { ScenarioPhase } from './journal-entry.ts';
import type { ScenarioOutcome } from './outcome.ts';
import { play } from './procedure.ts';
import { brokersLacking, clientLacking, lacking, tooOld } from './requirements.ts';
import { clientsFile, recordsFile } from './run-directory.ts';
import { readStored, type ScenarioFile } from './stored.ts';

/**
 * The process that owns one scenario: its ensemble, its faults and its directory. It lives as long as its stdin is
 * open; in the sandbox its death ends everything it started. What it did to servers of somebody else it undoes first.
 */
async function main(order: ScenarioOrder, undo: Undo): Promise<void> {
  const { directory } = order;
  const file = readStored<ScenarioFile>(join(directory, 'scenario.json'));
  const plan = readStored<Plan>(join(directory, 'plan.json'));
  const clock = clockSince(file.origin);
  let phase: ScenarioPhase = 'provision';
  const journal = new Journal(join(directory, 'journal.ndjson'), clock, (entry) => {
    if (entry.kind === 'phase') phase = entry.phase;
    emit({ event: 'journal', entry });
  });
  undo.onUndone((what) => journal.write({ kind: 'note', text: `cut short: ${what}` }));

  const outcome = await run().catch(async (error): Promise<ScenarioOutcome> => {
    // What fails while the run is being cut short fails because of that.
    await cutShort;
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return { kind: 'broken', phase, reason: messageOf(error) };
  });
  await cutShort;
  journal.close();
  writeFileSync(join(directory, 'outcome.json'), `${JSON.stringify(outcome)}\n`);

  async function run(): Promise<ScenarioOutcome> {
    journal.write({ kind: 'phase', phase: 'provision' });
    const absent = await clientLacking(file.workload.client);
    if (absent) return { kind: 'unsupported', ...absent };
    const logDirectory = join(directory, 'logs');
    mkdirSync(logDirectory, { recursive: true });
    const request = { topology: file.topology, clock, logDirectory, runId: order.runId };
    const site = await siteOf(order.servers, request, undo);
    const missing =
      lacking(plan, file.topology, site.capabilities) ??
      tooOld(file.workload, file.topology) ??
      brokersLacking(file, file.topology);
    if (missing) {
      await site.dispose();
      return { kind: 'unsupported', ...missing };
    }
    const ahead = await site.clockAhead?.();
    if (ahead) journal.write({ kind: 'clock-ahead', ...ahead });
    return withEnsemble(site);
  }

  async function withEnsemble(site: Site): Promise<ScenarioOutcome> {
    const ensemble = new Ensemble(site, journal, file.outsiders);
    const sampler = new RoleSampler(join(directory, 'roles.ndjson'), ensemble, clock, ({ sid, role }) =>
      emit({ event: 'role', sid, role }),
    );
    const clients = new Clients(
      {
        origin: file.origin,
        seed: plan.seed,
        endpoints: ensemble.members.map((sid) => ensemble.machine(sid).endpoint),
        root: file.root,
        ...authOf(order.servers),
        historyPath: join(directory, 'history.arrows'),
        notesPath: join(directory, clientsFile),
        workload: file.workload,
      },
      (tally) => emit({ event: 'tally', tally }),
    );
    const recordsPath = join(directory, recordsFile);
    const records =
      file.records &&
      new RecordsClients(
        {
          origin: file.origin,
          brokers: ensemble.brokers.map((node) => addressIn(ensemble.machine(node).endpoint)),
          historyPath: recordsPath,
          params: file.records,
          ...javaFor(file, order.servers),
        },
        (tally) => emit({ event: 'records', tally }),
      );
    // Before anything they work on goes away.
    undo.before('the clients are stopped', () => clients.stop());
    const cuts = new OpenCuts(site);
    let outcome: ScenarioOutcome | undefined;
    // What went wrong first is told first, also when it makes every later step fail.
    await inTurn(
      async () => {
        outcome = await play({
          scenario: file,
          plan,
          ensemble,
          cuts,
          clients,
          records,
          journal,
          clock,
          undo,
        });
      },
      () => clients.finish(),
      () => records?.stop(),
      () => sampler.close(),
      () => ensemble.halt(),
      () => keepData(site),
      // Somebody else's servers hand over nothing.
      () => file.backend !== 'external' && collectTransactions(directory, ensemble.members),
      () => file.records && dumpLogs(order, recordsPath, file.topology),
      () => ensemble.dispose(),
    );
    if (!outcome) throw new Error('a scenario that was played to its end has an outcome');
    return outcome;
  }

  /** Kept until the verdict is known; a run that passed does not need it. */
  async function keepData(site: Site): Promise<void> {
    for (const machine of site.machines.values()) await machine.keepData(join(directory, evidenceFolder));
  }
}

function authOf(servers: ServerSource): { auth?: Auth } {
  return servers.backend === 'external' && servers.auth ? { auth: servers.auth } : {};
}

/** Kafka's own clients, where the scenario asks for any. */
function javaFor({ records, topology }: ScenarioFile, servers: ServerSource): Pick<RecordsStart, 'java'> {
  if (!records || records.idempotent + records.transactional === 0) return {};
  if (servers.backend !== 'sandbox')
    return { java: { no: "Kafka's own clients run in the sandbox only", remedy: 'use --backend sandbox' } };
  const { version } = topology.kafka!;
  const clients = servers.javaClients?.[version];
  const release = servers.kafka?.[version];
  if (!clients || !release) throw new Error(`Kafka ${version} runs and was not fetched`);
  if ('no' in clients) return { java: clients };
  const { classpath } = release;
  return { java: { command: javaClientsCommand(servers.java, { ...clients, classpath }) } };
}

const addressIn = ({ host, port }: Endpoint) => `${host}:${port}`;

function emit(event: ScenarioEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

async function readOrder(lines: Interface): Promise<ScenarioOrder> {
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as ScenarioOrder;
}

const undo = new Undo();
/** Set when the run is to end now; it ends this process. */
let cutShort: Promise<void> | undefined;

/** The command line has gone, or wants an end now; a terminal tells this process of Ctrl-C by itself. */
async function endEarly(): Promise<void> {
  try {
    await undo.all();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
  }
  process.exit(3);
}

const lines = createInterface({ input: process.stdin });
const onEnd = () => {
  cutShort ??= endEarly();
};
lines.once('close', onEnd);
process.stdout.on('error', onEnd);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onEnd);

await main(await readOrder(lines), undo);
process.exit(0);
