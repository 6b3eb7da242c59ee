import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startProcess } from '../backend/start-process.ts';
import type { LaneEvent, LaneOrder } from './lane-process.ts';
import type { Played } from './play.ts';

/** Longest time a lane says nothing: servers form within 90 s, a row takes a few. */
const silentMs = 100_000;

/** What became of a lane besides its rows. */
type LaneEnd = { kind: 'ended' } | Exclude<Played, { kind: 'seen' }>;

/** Starts the process of one lane and follows it to its end; ending it, or our death, ends all it started. */
export async function runLane(
  order: LaneOrder,
  onPlayed: (index: number, played: Played) => void,
): Promise<LaneEnd> {
  mkdirSync(order.directory, { recursive: true });
  const errorsPath = join(order.directory, 'harness.log');
  const errors = openSync(errorsPath, 'a');
  const child = startProcess(order.servers.backend, import.meta.url, 'lane-process', errors);
  closeSync(errors);

  let end: LaneEnd = { kind: 'ended' };
  const fail = (reason: string) => {
    if (end.kind === 'ended') end = { kind: 'failed', reason };
    child.kill('SIGKILL');
  };
  const alarm = setTimeout(() => fail(`it said nothing for ${silentMs / 1000} s`), silentMs);
  createInterface({ input: child.stdout! }).on('line', (line) => {
    alarm.refresh();
    const event = JSON.parse(line) as LaneEvent;
    if (event.event === 'played') onPlayed(event.index, event.played);
    else end = { kind: event.kind, reason: event.reason };
  });
  child.once('error', (error) => fail(error.message));
  child.stdin!.on('error', (error) => fail(error.message));
  child.stdin!.write(`${JSON.stringify(order)}\n`);
  const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(alarm);
  if (code !== 0) fail(`its process ended by ${killedBy ?? `exit code ${code}`}, see ${errorsPath}`);
  return end;
}
