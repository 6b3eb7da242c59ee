import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { unpack } from '../../../harness/backend/docker/unpack.ts';
import { sleep } from '../../../harness/base/clock.ts';
import { waitFor } from '../../../harness/base/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-unpack-'));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, 'snapshot.0'), 'kept');
/** One whole record of tar's, with the mark of the end in it. */
const archive = execFileSync('tar', ['-cf', '-', '-C', folder, 'snapshot.0']);
/** Within this tar, where it does stop at the mark, has ended: it needs 5 ms. */
const longPastTheMarkMs = 300;

function into(name: string): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  return directory;
}

test('an answer that the engine closes long after the last file is whole', async () => {
  const directory = into('late');
  const answer = new PassThrough();
  const unpacked = unpack(answer, directory);
  answer.write(archive);
  const file = join(directory, 'snapshot.0');
  await waitFor({ what: 'the file of the archive', deadlineMs: 5000 }, () => existsSync(file) || undefined);
  await sleep(longPastTheMarkMs);
  answer.end();
  await unpacked;
  expect(readFileSync(file, 'utf8')).toBe('kept');
});

test('an answer that is cut short is not taken for a whole one', async () => {
  const answer = new PassThrough();
  const unpacked = unpack(answer, into('cut'));
  answer.write(archive.subarray(0, 600));
  answer.destroy();
  await expect(unpacked).rejects.toThrow();
});
