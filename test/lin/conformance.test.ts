import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knownModels } from '../../harness/lin/catalogue.ts';
import { checkHistory } from '../../harness/lin/check.ts';
import { readHistoryFor } from '../../harness/lin/read/read-history.ts';
import { porcupineTestData } from './porcupine-data.ts';

/**
 * The files that Porcupine's own tests judge, with the verdicts of its porcupine_test.go (v1.3.1, MIT): histories of etcd by
 * Jepsen (etcd_095 is empty and not judged there), and of a key-value store.
 */
const legalLogs = [
  2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51, 53, 56, 67, 75, 76, 80, 87, 92, 98, 100, 101, 102,
];
const logs = Array.from({ length: 103 }, (_, number) => number).filter((number) => number !== 95);
const texts = ['c01-ok', 'c01-bad', 'c10-ok', 'c10-bad', 'c50-ok', 'c50-bad'];

const data = porcupineTestData();
afterAll(() => data.dispose());
beforeAll(() => {
  if (!data.ok) console.warn(`Porcupine's files are not judged: ${data.reason}`);
});

const modelNamed = (name: string) => knownModels.find((known) => known.name === name)!;

async function verdictOn(path: string, model: string) {
  const known = modelNamed(model);
  const options = {
    independent: false,
    ignoreFailedCas: false,
    initial: undefined,
    reading: 'strict',
  } as const;
  return checkHistory(readHistoryFor(path, known, options).history, known.model);
}

describe.skipIf(!data.ok)("Porcupine's files", () => {
  test('all 102 histories of etcd get the verdict Porcupine gives, violations named in at most 20 calls', async () => {
    const wrong: number[] = [];
    for (const number of logs) {
      const path = join(data.path, 'jepsen', `etcd_${String(number).padStart(3, '0')}.log`);
      const verdict = await verdictOn(path, 'cas');
      if (verdict.verdict !== (legalLogs.includes(number) ? 'ok' : 'violation')) wrong.push(number);
      if (verdict.verdict === 'violation')
        expect(verdict.counterexample!.calls.length).toBeLessThanOrEqual(20);
    }
    expect(wrong).toEqual([]);
    expect(logs).toHaveLength(102);
  });

  test.each(texts)('%s of the key-value store gets the verdict its name says', async (name) => {
    const { verdict, parts } = await verdictOn(join(data.path, 'kv', `${name}.txt`), 'kv');
    expect(verdict).toBe(name.endsWith('ok') ? 'ok' : 'violation');
    expect(parts).toBeGreaterThan(5);
  });
});
