import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LogTail } from '../../harness/base/log-tail.ts';
import { waitFor } from '../../harness/base/wait.ts';

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
const path = join(directory, 'server.log');
afterEach(() => rmSync(path, { force: true }));

test('lines appended later arrive in order, whole, however they are cut', async () => {
  writeFileSync(path, 'before\n');
  const tail = new LogTail(path);
  const lines: string[] = [];
  tail.onLine((line) => lines.push(line));
  appendFileSync(path, 'one\ntwo, first half');
  await waitFor({ what: 'the first line', deadlineMs: 5000 }, () => lines.length > 0 || undefined);
  expect(lines).toEqual(['one']);
  const bytes = Buffer.from(' and é\nthree\n');
  appendFileSync(path, bytes.subarray(0, 6));
  appendFileSync(path, bytes.subarray(6));
  await waitFor({ what: 'the rest', deadlineMs: 5000 }, () => lines.length === 3 || undefined);
  expect(lines).toEqual(['one', 'two, first half and é', 'three']);
  tail.close();
});

test('a listener that was stopped hears nothing more', async () => {
  writeFileSync(path, '');
  const tail = new LogTail(path);
  const [kept, dropped]: [string[], string[]] = [[], []];
  tail.onLine((line) => kept.push(line));
  tail.onLine((line) => dropped.push(line))();
  appendFileSync(path, 'line\n');
  await waitFor({ what: 'the line', deadlineMs: 5000 }, () => kept.length === 1 || undefined);
  expect(dropped).toEqual([]);
  tail.close();
});

test('what a listener throws ends the reading and is thrown when the file is closed', async () => {
  writeFileSync(path, '');
  const tail = new LogTail(path);
  let heard = 0;
  tail.onLine(() => {
    heard++;
    throw new Error('cannot be read');
  });
  appendFileSync(path, 'one\n');
  await waitFor({ what: 'the line', deadlineMs: 5000 }, () => heard > 0 || undefined);
  expect(() => tail.close()).toThrow('cannot be read');
});
