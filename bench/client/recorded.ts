import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockSince, takeOrigin } from '../../harness/base/clock.ts';
import { RecordedSession, type Recorder } from '../../harness/client/recorded-session.ts';
import { HistoryWriter } from '../../harness/history/writer.ts';
import { benchPath, benchValue, serveRounds } from './rounds.ts';

/** This harness's client as workloads use it: every reply decoded, every operation in the history file. */
const directory = mkdtempSync(join(tmpdir(), 'bench-history-'));
const writer = HistoryWriter.open(join(directory, 'history.arrows'));
const recorder: Recorder = { clock: clockSince(takeOrigin()), sink: writer, phase: 'workload' };
let number = 0;

await serveRounds<RecordedSession>({
  async open({ host, port }) {
    const session = new RecordedSession({
      name: 'bench',
      session: ++number,
      recorder,
      timeoutMs: 10_000,
    });
    const connected = await session.open({ host, port, sid: 1 });
    if (connected.outcome !== 'ok') throw new Error(`no session: ${JSON.stringify(connected)}`);
    return session;
  },
  prepare: (session) => session.create(benchPath, benchValue),
  get: (session) => session.getData(benchPath),
  set: (session) => session.setData(benchPath, benchValue),
  close: (session) => session.close(),
});
writer.close();
rmSync(directory, { recursive: true });
