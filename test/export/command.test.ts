import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { main } from '../../harness/cli/main.ts';
import { leaderKill, neverFormed, partition, writeRun } from '../reports/sample-run.ts';
import { simulate } from '../rule/simulated-ensemble.ts';
import { gauntlet as spawned } from '../support/gauntlet.ts';
import { readEdn } from './edn-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command line in this process: a new one would take a second each time. */
async function gauntlet(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += text;
      return true;
    }),
  );
  try {
    const code = await main(args);
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = 0;
  }
}

const several = join(folder, 'several');
writeRun(several, [leaderKill(300), partition(), neverFormed()]);
const simulated = join(folder, 'simulated');
writeRun(simulated, [{ ...leaderKill(300), ops: simulate(3).ops }]);
const [slug] = [leaderKill(300).slug];

test.each([
  ['ndjson', 'history.ndjson'],
  ['edn', 'history.edn'],
  ['elle', 'history.elle.edn'],
  ['porcupine', 'history.porcupine.ndjson'],
  ['perfetto', 'trace.json'],
])('%s is written beside the history, and its path is printed', async (format, file) => {
  const { code, stdout } = await gauntlet(['export', simulated, '--as', format]);
  const path = join(simulated, slug, file);
  expect(stdout).toBe(`${path}\n`);
  expect(code).toBe(0);
  const text = readFileSync(path, 'utf8');
  const read = (line: string): unknown => (file.endsWith('.edn') ? readEdn(line) : JSON.parse(line));
  const forms = format === 'perfetto' ? [text] : text.split('\n').slice(0, -1);
  for (const form of forms) expect(read(form)).toBeTypeOf('object');
  expect(forms.length).toBeGreaterThan(0);
});

test('a correct history stays linearizable as EDN, and a value nobody wrote is seen there', async () => {
  const path = join(folder, 'h.edn');
  expect((await gauntlet(['export', simulated, '--as', 'edn', '--out', path])).code).toBe(0);
  const judged = await gauntlet(['lin', path, '--model', 'cas', '--independent']);
  expect(judged.stdout).toMatch(/^ok/);
  expect(judged.code).toBe(0);
  const ops = simulate(3).ops;
  const at = ops.findIndex(({ kind, value }) => kind === 'getData' && value !== null);
  const lied = ops.map((op, row) => (row === at ? { ...op, value: 'never written' } : op));
  const wrong = join(folder, 'wrong');
  writeRun(wrong, [{ ...leaderKill(300), ops: lied }]);
  await gauntlet(['export', wrong, '--as', 'edn', '--out', path]);
  expect((await gauntlet(['lin', path, '--model', 'cas', '--independent'])).code).toBe(1);
});

test('all scenarios of a run; one without a history is named and left out', async () => {
  const { code, stdout, stderr } = await gauntlet(['export', several, '--as', 'ndjson']);
  expect(stdout.trim().split('\n')).toHaveLength(2);
  expect(stderr).toContain(`${neverFormed().slug}: no history was recorded`);
  expect(code).toBe(0);
});

test('one scenario goes to standard output', async () => {
  const args = ['export', several, '--as', 'ndjson', '--scenario', slug, '--out', '-'];
  const { stdout } = await spawned(args);
  expect(stdout.trim().split('\n')).toHaveLength(leaderKill(300).ops!.length);
});

test.each([
  ['a format that does not exist', ['--as', 'xml'], 2, /'xml' is invalid.*ndjson, edn/],
  ['no format', [], 2, /--as/],
  ['a scenario that does not exist', ['--as', 'edn', '--scenario', 'x'], 2, /"x".*leader killed/],
  ['one file for several scenarios', ['--as', 'edn', '--out', 'h.edn'], 2, /--out.*3 scenarios.*--scenario/],
  [
    'an option that means nothing',
    ['--as', 'ndjson', '--key', '/a'],
    2,
    /--key.*ndjson.*edn, elle, porcupine/,
  ],
  ['a scenario without a history', ['--as', 'edn', '--scenario', neverFormed().slug], 3, /not recorded/],
  [
    'a folder that is not there',
    ['--as', 'edn', '--scenario', slug, '--out', '/nosuch/h'],
    3,
    /cannot be written/,
  ],
] as const)('%s is one line', async (_, args, exit, says) => {
  const { code, stderr } = await gauntlet(['export', several, ...args]);
  expect(stderr.split('\n').filter((line) => line.startsWith('gauntlet:'))).toHaveLength(1);
  expect(stderr).toMatch(says);
  expect(code).toBe(exit);
});

test('a run that is not there is named', async () => {
  const { code, stderr } = await gauntlet(['export', join(folder, 'none'), '--as', 'edn']);
  expect(stderr).toContain('run.json: not recorded');
  expect(code).toBe(3);
});

test('what cannot be written whole is not left half', async () => {
  const taken = join(folder, 'taken');
  mkdirSync(taken);
  const { code } = await gauntlet(['export', simulated, '--as', 'edn', '--out', taken]);
  expect(code).toBe(3);
  expect(existsSync(`${taken}.part`)).toBe(false);
});
