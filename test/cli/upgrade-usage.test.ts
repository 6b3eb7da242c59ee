import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { main } from '../../harness/cli/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-upgrade-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'zoo.cfg'), 'tickTime=2000\n');

async function said(...words: string[]): Promise<{ code: number; error: string }> {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const code = await main(['upgrade', ...words]).finally(() => spy.mockRestore());
  return { code, error: lines.join('') };
}

const way = ['--from', '3.8.6', '--to', '3.9.5'];

test.each([
  [['--to', '3.9.5'], '--from: missing; name both releases'],
  [['--from', '3.8.6'], '--to: missing; name both releases'],
  [['--from', '3.9.5', '--to', '3.9.5'], '--to 3.9.5: the same as --from; name two different releases'],
  [['--from', 'old', '--to', '3.9.5'], '--from "old": no ZooKeeper release number'],
  [[...way, '--times', '1'], '--times 1: not a number of tries'],
  [[...way, '--kafka', '4.0.0'], '--kafka 4.0.0: Kafka 4 knows KRaft only'],
  [[...way, '--seed', 'x'], '--seed x: not a seed'],
  [[...way, '--config', join(folder, 'none.cfg')], 'none.cfg'],
  [[...way, '--data', join(folder, 'none')], 'it does not exist'],
  [[...way, '--data', join(folder, 'zoo.cfg')], 'it is no directory'],
  [[...way, '--data', folder], 'no transaction log'],
  [[...way, '--filter', 'nothing like it', '--backend', 'sandbox'], '--filter nothing like it: no scenario'],
])('%j is named, with what would be right', async (words, start) => {
  const { code, error } = await said(...words);
  expect(code).toBe(2);
  expect(error).toContain(start);
});
