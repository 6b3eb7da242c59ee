import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-upgrade-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const why = machineLacks === undefined ? '' : ` (unsupported: ${machineLacks})`;

describe.skipIf(machineLacks !== undefined)(`an upgrade of real servers${why}`, () => {
  test('that loses what they had logged apart from their snapshots is no-go, by its symptom', {
    timeout: 240_000,
  }, async () => {
    const run = join(out, 'run');
    const config = join(out, 'zoo.cfg');
    writeFileSync(config, 'tickTime=400\ndataDir=/var/lib/zookeeper\n');
    const words = ['--from', '3.4.10', '--to', '3.4.11', '--filter', 'logs apart', '--config', config];
    const { code, output, stdout } = await gauntlet([
      'upgrade',
      ...words,
      ...['--backend', 'sandbox', '--seed', '1', '--out', run],
    ]);
    expect(code, output).toBe(1);
    expect(stdout).toContain('NO-GO');
    expect(stdout).toMatch(/acknowledged write .* is missing on zk1/);
    expect(stdout.trim().split('\n').at(-1)).toBe(run);
    const read = (file: string) => readFileSync(join(run, file), 'utf8');
    expect(read('upgrade.html')).toContain('<code>tickTime=400</code>');
    expect(read('upgrade.html')).toContain('<code>dataDir=/var/lib/zookeeper</code>');
    expect(read('summary.md')).toMatch(/^## ✘ ZooKeeper 3\.4\.10 to 3\.4\.11: no-go/);
    expect(read('junit.xml')).toMatch(/<testcase name="go or no-go"[^>]*>\s*<failure type="no-go"/);
    const again = await gauntlet(['report', run]);
    expect(again.code).toBe(0);
    expect(read('summary.md')).toMatch(/^## ✘ ZooKeeper 3\.4\.10 to 3\.4\.11: no-go/);
  });
});
