import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** As the suite demo-violation does it, with less to do. */
const twoDisksLost = `
name: two of three disks are lost
workload: { use: mixed, clients: 2, turnsPerSecond: 20 }
warmUpMs: 300
steps:
  - faults: [{ fault: kill, target: [3] }, { fault: wipe, target: [1, 2] }]
    forMs: 0
coolDownMs: 0
powerOff: false
`;

test.skipIf(machineLacks)(
  `what a run found returns when it is replayed${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`,
  { timeout: 240_000 },
  async () => {
    const [file, run, again] = [join(out, 'x.yaml'), join(out, 'run'), join(out, 'again')];
    writeFileSync(file, twoDisksLost);
    const first = await gauntlet(['run', file, '--backend', 'sandbox', '--seed', '1', '--out', run]);
    expect(first.code, first.output).toBe(1);
    const { code, stdout, output } = await gauntlet([
      ...['replay', run, '--backend', 'sandbox', '--out', again, '--json'],
    ]);
    expect(code, output).toBe(0);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ hits: 1, of: 1, directory: again, tries: [{ shown: 'hit' }] });
    expect(told.findings).toContainEqual({
      rule: 'durability',
      what: 'acknowledged write … (session N) of PATH at zxid ZXID is missing on SERVERS',
      hits: 1,
    });
    const none = await gauntlet(['replay', run, '--filter', 'nothing like that']);
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/no scenario of the run has it in its name; "two of three disks are lost"/);
  },
);

test('a folder that is no run is named', async () => {
  const { code, stderr } = await gauntlet(['replay', out]);
  expect(code).toBe(3);
  expect(stderr).toMatch(/run\.json: not recorded; give the directory of a run/);
});
