import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { PartitionLog, RecordRow } from '../../harness/history/records.ts';
import { kafkaRules } from '../../harness/rule/kafka/catalogue.ts';
import type { RunVerdict } from '../../harness/rule/verdict.ts';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-kafka-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** As short as a scenario can be in which a controller is killed and all rules have something to look at. */
const scenario = `
name: the controller is killed
topology: { kafka: {} }
workload: { use: mixed, clients: 2, turnsPerSecond: 20 }
records: { consumers: 1, idempotent: 1, transactional: 1 }
warmUpMs: 1500
steps: [{ when: { afterMs: 200 }, faults: [{ fault: kill, target: controller }], forMs: 6000 }]
powerOff: false
`;

describe.skipIf(machineLacks)(
  `brokers on real servers${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`,
  () => {
    test('a killed controller costs no record, and both witnesses read the same', {
      timeout: 300_000,
    }, async () => {
      const file = join(out, 'controller.yaml');
      writeFileSync(file, scenario);
      const run = join(out, 'run');
      const args = ['run', file, '--backend', 'sandbox', '--seed', '1', '--out', run];
      const { code, output } = await gauntlet(args);
      expect(code, output).toBe(0);

      const verdict = JSON.parse(readFileSync(join(run, 'verdict.json'), 'utf8')) as RunVerdict;
      const [judged] = verdict.scenarios;
      for (const { name } of kafkaRules) {
        const result = judged!.rules.find(({ rule }) => rule === name);
        expect(result?.verdict, name).toBe('pass');
        expect(result?.relevant, name).toBeGreaterThan(0);
      }
      const controllers = judged!.rules.find(({ rule }) => rule === 'kafka-controllers')!;
      expect(controllers.relevant).toBeGreaterThanOrEqual(2);

      const rows = readFileSync(join(run, '1-the-controller-is-killed', 'records.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as RecordRow);
      const logs = rows.filter((row): row is PartitionLog => row.kind === 'log');
      expect(logs.filter(({ witness }) => witness === 'client')).toHaveLength(3);
      expect(logs.filter(({ witness }) => witness === 'disk')).toHaveLength(9);

      const ends = rows.flatMap((row) => (row.kind === 'transaction' ? [`${row.end} ${row.outcome}`] : []));
      expect(ends).toContain('commit ok');
      expect(ends).toContain('abort ok');
      const disks = rows.filter((row) => row.kind === 'committed-log' && row.witness === 'disk');
      expect(disks).toHaveLength(9);
      // What was aborted is there to be shown by a reader that errs.
      for (const disk of disks) expect(disk).toHaveProperty(['hidden', 0]);
    });

    test('one replica on a disk that is lost: red, with topic, partition, offsets and values', {
      timeout: 300_000,
    }, async () => {
      const run = join(out, 'wiped');
      const args = ['run', 'demo-violation', '--filter', 'kafka: one replica', '--backend', 'sandbox'];
      const { code, stdout } = await gauntlet([...args, '--seed', '1', '--out', run]);
      expect(code, stdout).toBe(1);
      expect(stdout).toMatch(
        /\d+ acknowledged records of records-0 are lost: offset 0 "p\d-\d+", offset 1 "p\d-\d+"/,
      );
      expect(stdout).toMatch(
        /does not promise to keep them under acks=all, 1 replica, min.insync.replicas=1/,
      );
    });
  },
);
