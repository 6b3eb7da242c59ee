import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test.skipIf(machineLacks)(
  `a known bug comes back where it is, is found by its symptom, and its control is clean${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`,
  { timeout: 240_000 },
  async () => {
    const directory = join(out, 'run');
    const args = ['repro', 'ZOOKEEPER-4925', '--control', '--backend', 'sandbox', '--seed', '1', '--json'];
    const { code, stdout, output } = await gauntlet([...args, '--out', directory]);
    expect(code, output).toBe(0);
    const told = JSON.parse(stdout);
    expect(told.bugs).toMatchObject([{ bug: 'ZOOKEEPER-4925', reproduced: true, hits: 1, clean: 1 }]);
    expect(told.tries[0].finding.title).toMatch(
      /acknowledged write .* of \/gauntlet\/bar\d at zxid 0x1\w+ is missing on zk2/,
    );
  },
);

test('what cannot be brought back is named, with what can', async () => {
  const { code, stderr } = await gauntlet(['repro', 'ZOOKEEPER-1']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/repro ZOOKEEPER-1: there is no recipe for it; use one of ZOOKEEPER-/);
});
