import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localKafka, lookAtImage } from '../../harness/backend/docker/present-image.ts';
import type { RecordRow } from '../../harness/history/records.ts';
import { kafkaRules } from '../../harness/rule/kafka/catalogue.ts';
import type { RunVerdict } from '../../harness/rule/verdict.ts';
import { newestKafka } from '../../harness/topology/brokers.ts';
import { engineHere, labelled, skipWithout, version } from '../backend/docker/engine-here.ts';
import { gauntlet } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-kafka-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const missing = await (async () => {
  if (!engineHere.engine) return engineHere.missing;
  const name = localKafka(newestKafka);
  if (await lookAtImage(engineHere.engine, name)) return undefined;
  return `the engine has no ${name}; run gauntlet images build --kafka ${newestKafka}`;
})();

/** A broker that is killed while another is cut off from ZooKeeper: what the pods must keep is address, disk and cut. */
const scenario = `
name: brokers in containers
topology: { kafka: {} }
workload: { use: mixed, clients: 2, turnsPerSecond: 20 }
records: { consumers: 1 }
warmUpMs: 1500
steps:
  - when: { afterMs: 200 }
    faults:
      - { fault: isolate, target: in-sync-follower, params: { layer: zookeeper } }
      - { fault: kill, target: controller }
    forMs: 6000
powerOff: false
`;

describe.skipIf(missing)(`Kafka in containers${skipWithout(missing)}`, () => {
  test('a killed controller and a broker without ZooKeeper cost no record, on the disks of the containers too', {
    timeout: 300_000,
  }, async () => {
    const file = join(out, 'containers.yaml');
    writeFileSync(file, scenario);
    const run = join(out, 'kafka-containers');
    const where = ['--backend', 'docker', '--zookeeper', version, '--out', run];
    const { code, output } = await gauntlet(['run', file, '--seed', '1', ...where]);
    expect(code, output).toBe(0);

    const verdict = JSON.parse(readFileSync(join(run, 'verdict.json'), 'utf8')) as RunVerdict;
    const [judged] = verdict.scenarios;
    // Kafka's own clients run in the sandbox only.
    for (const { name } of kafkaRules.filter(({ needs }) => !needs?.includes('java-clients'))) {
      const result = judged!.rules.find(({ rule }) => rule === name);
      expect(result?.verdict, name).toBe('pass');
      expect(result?.relevant, name).toBeGreaterThan(0);
    }
    const logs = readFileSync(join(run, '1-brokers-in-containers', 'records.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordRow)
      .filter((row) => row.kind === 'log' && row.witness === 'disk');
    expect(logs).toHaveLength(9);
    expect(await labelled(basename(run))).toEqual([]);
  });
});
