import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { OwnSite } from '../backend/backend.ts';
import { ownSiteOf } from '../backend/own-site-of.ts';
import type { OwnServers } from '../backend/server-source.ts';
import { type Clock, clockSince, takeOrigin } from '../base/clock.ts';
import { inTurn } from '../base/in-turn.ts';
import { messageOf } from '../base/trouble.ts';
import { waitFor } from '../base/wait.ts';
import { Ensemble } from '../ensemble/ensemble.ts';
import { resolveTopology } from '../topology/resolve.ts';
import { type Played, playRow } from './play.ts';
import type { Row } from './row.ts';
import { NoTalker, Talkers } from './talkers.ts';

/** First line on a lane's stdin; the open pipe is its permission to live. Its rows all have the same `on`. */
export interface LaneOrder {
  servers: OwnServers;
  /** Release of the servers. */
  zookeeper: string;
  runId: string;
  /** Existing directory for its logs. */
  directory: string;
  rows: { index: number; row: Row }[];
}

/** One line each on a lane's stdout. */
export type LaneEvent =
  | { event: 'played'; index: number; played: Played }
  /** It ends before its time; the reason has the remedy. */
  | { event: 'trouble'; kind: 'unsupported' | 'failed'; reason: string };

/** Nothing but the faults may change a role while a row lasts: no server gives up a silent one this early (30 s). */
const patient = { tickTime: 1000, syncLimit: 30, initLimit: 30 };
/** As in a scenario: a first start includes class loading on cold disks. */
const formMs = 90_000;

/** Three machines of one backend, and some rows of the table on them, one after the other. */
async function main(): Promise<void> {
  const { servers, zookeeper, runId, directory, rows } = await readOrder();
  const clock = clockSince(takeOrigin());
  const logDirectory = join(directory, 'logs');
  mkdirSync(logDirectory, { recursive: true });
  const topology = resolveTopology({ voters: 3, settings: patient }, zookeeper);
  try {
    await play(await ownSiteOf(servers, { topology, clock, logDirectory, runId }), clock);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    const kind = error instanceof NoTalker ? 'unsupported' : 'failed';
    emit({ event: 'trouble', kind, reason: messageOf(error) });
  }

  async function play(site: OwnSite, clock: Clock): Promise<void> {
    const ensemble = new Ensemble(site, { write: (entry) => ({ ...entry, atNs: clock.nowNs() }) });
    await inTurn(
      async () => {
        const talkers = await Talkers.start(site);
        if (rows[0]?.row.on === 'servers') await startServers(ensemble);
        else await talkers.listen();
        for (const { index, row } of rows) {
          emit({ event: 'played', index, played: await playRow(row, { ensemble, talkers, clock }) });
        }
        await talkers.close();
      },
      () => ensemble.halt(),
      () => ensemble.dispose(),
    );
  }
}

/** Server 3 leads: of servers that stored nothing the highest id wins, and server 2 comes when that is decided. */
async function startServers(ensemble: Ensemble): Promise<void> {
  await ensemble.startAll([1, 3]);
  await waitFor({ what: 'server 3 to lead', deadlineMs: formMs }, async () =>
    (await ensemble.look(3)).role === 'leader' ? true : undefined,
  );
  await ensemble.start(2);
  await ensemble.gate(formMs);
}

function emit(event: LaneEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

async function readOrder(): Promise<LaneOrder> {
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => process.exit(3));
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as LaneOrder;
}

await main();
process.exit(0);
