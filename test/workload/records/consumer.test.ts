import { beforeEach, expect, test, vi } from 'vitest';
import { waitFor } from '../../../harness/base/wait.ts';
import type { RecordRow } from '../../../harness/history/records.ts';
import { RecordConsumer } from '../../../harness/workload/records/consumer.ts';

type Crash = (event: { payload: { error: Error; restart: boolean } }) => void;

/** What kafkajs was asked, and its word that the consumer has crashed. */
const library = vi.hoisted(() => ({
  begun: 0,
  failuresLeft: 0,
  crash: undefined as Crash | undefined,
}));

vi.mock('../../../harness/workload/records/kafka.ts', async (original) => ({
  ...(await original<object>()),
  patientKafka: () => ({
    consumer: () => ({
      on: (event: string, told: Crash) => {
        if (event === 'consumer.crash') library.crash = told;
      },
      connect: async () => undefined,
      subscribe: async () => undefined,
      disconnect: async () => undefined,
      run: async () => {
        if (library.failuresLeft-- > 0) throw new Error('no broker answers');
        library.begun++;
      },
    }),
  }),
}));

beforeEach(() => Object.assign(library, { begun: 0, failuresLeft: 0 }));

async function begun(): Promise<{ consumer: RecordConsumer; rows: RecordRow[] }> {
  const rows: RecordRow[] = [];
  const clock = { nowNs: () => 1, sleep: async () => undefined };
  const consumer = new RecordConsumer(0, ['127.0.0.1:9092'], clock, (row) => rows.push(row));
  await consumer.begin();
  return { consumer, rows };
}

const crash = (restart: boolean) =>
  library.crash!({ payload: { error: new Error('ILLEGAL_GENERATION'), restart } });
const errors = (rows: RecordRow[]) => rows.flatMap((row) => (row.kind === 'crashed' ? [row.error] : []));

test('a consumer that kafkajs has given up for good begins anew, however often that fails', async () => {
  const { consumer, rows } = await begun();
  library.failuresLeft = 2;
  crash(false);
  await waitFor({ what: 'a second beginning', deadlineMs: 5000 }, () => library.begun === 2 || undefined);
  expect(errors(rows)).toEqual(['ILLEGAL_GENERATION', 'no broker answers', 'no broker answers']);
  await consumer.end();
});

test('one that kafkajs starts again itself is left to it', async () => {
  const { consumer, rows } = await begun();
  crash(true);
  await consumer.end();
  expect(library.begun).toBe(1);
  expect(errors(rows)).toEqual(['ILLEGAL_GENERATION']);
});
