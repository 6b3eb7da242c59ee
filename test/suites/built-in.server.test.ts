import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunVerdict } from '../../harness/rule/verdict.ts';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const read = (run: string, file: string) => readFileSync(join(run, file), 'utf8');

describe.skipIf(machineLacks)(
  `on real servers${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`,
  () => {
    test('quick is green, says where it wrote, and is judged the same again', {
      timeout: 180_000,
    }, async () => {
      const run = join(out, 'quick');
      const { code, output, stdout } = await gauntlet([
        'run',
        'quick',
        '--backend',
        'sandbox',
        '--seed',
        '1',
        '--out',
        run,
      ]);
      expect(code, output).toBe(0);
      expect(stdout.trim().split('\n').at(-1)).toBe(run);
      for (const file of ['junit.xml', 'report.html', 'summary.md', 'run.json', 'verdict.json']) {
        expect(existsSync(join(run, file)), file).toBe(true);
      }
      const verdict = JSON.parse(read(run, 'verdict.json')) as RunVerdict;
      for (const { scenario, rules } of verdict.scenarios) {
        for (const { rule, relevant } of rules) expect(relevant, `${scenario}: ${rule}`).toBeGreaterThan(0);
      }
      const again = await gauntlet(['check', run, '--json']);
      expect(again.code).toBe(0);
      expect(JSON.parse(again.stdout)).toEqual(verdict);
    });

    test('demo-violation is red and names the writes that are gone', { timeout: 180_000 }, async () => {
      const run = join(out, 'demo');
      const { code, output } = await gauntlet([
        'run',
        'demo-violation',
        '--filter',
        'disks',
        '--backend',
        'sandbox',
        '--out',
        run,
      ]);
      expect(code, output).toBe(1);
      const verdict = JSON.parse(read(run, 'verdict.json')) as RunVerdict;
      const durability = verdict.scenarios[0]!.rules.find(({ rule }) => rule === 'durability')!;
      const [finding] = durability.findings;
      expect(finding?.title).toMatch(/ of \/gauntlet.* is missing on zk1/);
      expect(finding?.servers.length).toBeGreaterThan(0);
      expect(finding?.zxids[0]).toMatch(/^0x1[0-9a-f]{8}$/);
      // The disks say the same, without any client that reads.
      const logs = verdict.scenarios[0]!.rules.find(({ rule }) => rule === 'acknowledged-in-log')!;
      expect(logs.findings[0]?.title).toMatch(/ of \/gauntlet.* is not on the disk of zk1, zk2 and zk3$/);
      expect(
        readdirSync(join(run, readdirSync(run).find((name) => name.startsWith('1-'))!, 'evidence')),
      ).toEqual(['zk1', 'zk2', 'zk3']);
      const again = await gauntlet(['check', run, '--explain']);
      expect(again.code).toBe(1);
      expect(again.stdout).toMatch(
        /The least of the \d+ operations that still shows it is \d+, judged again/,
      );
    });

    test('servers of 3.4 are put through the same', { timeout: 240_000 }, async () => {
      const args = [
        'run',
        'quick',
        '--backend',
        'sandbox',
        '--filter',
        'killed',
        '--zookeeper',
        '3.4.14',
        '--out',
        join(out, 'old'),
      ];
      const { code, output } = await gauntlet(args);
      expect(code, output).toBe(0);
    });
  },
);
