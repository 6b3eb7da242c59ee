import { appendFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { clockSince } from '../base/clock.ts';
import { messageOf } from '../base/trouble.ts';
import type { Recorder } from '../client/recorded-calls.ts';
import { HistoryWriter } from '../history/writer.ts';
import { Crowd } from './crowd.ts';
import type { Answer, Order, WorkerStart } from './messages.ts';
import { TallySink } from './tally-sink.ts';

/** The clients' thread: takes orders one at a time and answers each. */
const start = workerData as WorkerStart;
const port = parentPort!;
const answer = (message: Answer) => port.postMessage(message);

const tallyMs = 50;

const history = HistoryWriter.open(start.historyPath);
const sink = new TallySink(history);
const recorder: Recorder = { clock: clockSince(start.origin), sink, phase: 'setup' };
const crowd = new Crowd(start, recorder, (note) =>
  appendFileSync(start.notesPath, `${JSON.stringify(note)}\n`),
);
const timer = setInterval(
  () => answer({ answer: 'tally', tally: { ...sink.totals, ...crowd.count() } }),
  tallyMs,
);

const acts: { [K in Order['order']]: (order: Extract<Order, { order: K }>) => Promise<string | undefined> } =
  {
    'set-up': async () => {
      await crowd.setUp();
      return undefined;
    },
    begin: async () => {
      await crowd.begin();
      return undefined;
    },
    act: ({ act }) => crowd.act(act),
    quiesce: () => crowd.quiesce(sink.expiries),
    'read-all': async ({ phase }) => {
      await crowd.readAll(phase);
      return undefined;
    },
    finish: async () => {
      clearInterval(timer);
      await crowd.cut();
      history.close();
      return undefined;
    },
  };

port.on('message', async (order: Order) => {
  const act = acts[order.order] as (order: Order) => Promise<string | undefined>;
  try {
    const note = await act(order);
    answer({ answer: 'done', id: order.id, ...(note !== undefined && { note }) });
  } catch (error) {
    answer({ answer: 'failed', id: order.id, reason: messageOf(error) });
  }
});
