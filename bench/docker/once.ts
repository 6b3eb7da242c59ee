import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ServerSource } from '../../harness/backend/server-source.ts';
import { siteOf } from '../../harness/backend/site-of.ts';
import { clockSince, takeOrigin } from '../../harness/base/clock.ts';
import { Undo } from '../../harness/base/undo.ts';
import { Ensemble } from '../../harness/ensemble/ensemble.ts';
import { Journal } from '../../harness/run/journal.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

/** One ensemble of three, up and down again, on the servers described on standard input; prints what each took. */
export interface Times {
  /** From nothing until all three serve. */
  readyMs: number;
  /** From three running servers until nothing is left of them. */
  goneMs: number;
}

const formMs = 90_000;
const { servers, version } = JSON.parse(await text(process.stdin)) as {
  servers: ServerSource;
  version: string;
};
const directory = mkdtempSync(join(tmpdir(), 'gauntlet-bench-'));
const logDirectory = join(directory, 'logs');
mkdirSync(logDirectory);
const clock = clockSince(takeOrigin());
const journal = new Journal(join(directory, 'journal.ndjson'), clock, () => undefined);

const began = performance.now();
const request = {
  topology: resolveTopology({ voters: 3 }, version),
  clock,
  logDirectory,
  runId: 'bench',
};
const site = await siteOf(servers, request, new Undo());
const ensemble = new Ensemble(site, journal);
await ensemble.startAll();
await ensemble.gate(formMs);
const ready = performance.now();
await ensemble.halt();
await ensemble.dispose();
const times: Times = { readyMs: ready - began, goneMs: performance.now() - ready };
rmSync(directory, { recursive: true });
process.stdout.write(`${JSON.stringify(times)}\n`, () => process.exit(0));
