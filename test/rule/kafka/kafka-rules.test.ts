import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../../harness/base/random.ts';
import { rulesOf } from '../../../harness/rule/applicable.ts';
import { verdictOf } from '../../../harness/rule/judge.ts';
import { kafkaRules } from '../../../harness/rule/kafka/catalogue.ts';
import { scenarioSchema } from '../../../harness/scenario/scenario.ts';
import { lies } from './lies.ts';
import { evidenceOfKafka, type KafkaRun, simulateKafka } from './simulated-records.ts';

const runs = Array.from({ length: 12 }, (_, seed) => simulateKafka(seed));
const ruleNamed = (name: string) => kafkaRules.find((rule) => rule.name === name)!;
const judged = (name: string, run: KafkaRun) => ruleNamed(name).judge(evidenceOfKafka(run));

test.each(kafkaRules)('$name is content where every promise was kept, and saw something', ({ name }) => {
  for (const run of runs) {
    const judgement = judged(name, run);
    expect(judgement.findings).toEqual([]);
    expect(judgement.inconclusive).toBeUndefined();
    expect(judgement.relevant).toBeGreaterThan(0);
  }
});

test.each(kafkaRules)('$name never says ok when it saw nothing', ({ name }) => {
  const nothing: KafkaRun = { records: [], changes: [], journal: [] };
  expect(verdictOf(judged(name, nothing)).verdict).not.toBe('pass');
});

describe('every planted lie is named by the rule that must', () => {
  test.each(lies)('$name: $caughtBy', ({ caughtBy, verdict = 'violation', tell }) => {
    let places = 0;
    for (const [seed, run] of runs.entries()) {
      const copy = structuredClone(run);
      if (tell(copy, randomFrom(seed)) === false) continue;
      places++;
      expect(verdictOf(judged(caughtBy, copy)).verdict, `run ${seed}`).toBe(verdict);
    }
    expect(places).toBeGreaterThanOrEqual(3);
  });

  test('and every rule has one', () => {
    const breaches = lies.filter(({ verdict }) => verdict === undefined).map(({ caughtBy }) => caughtBy);
    expect([...new Set(breaches)].sort()).toEqual(kafkaRules.map(({ name }) => name).sort());
  });
});

test('a loss is told with topic, partition, offsets, values and the settings it happened under', () => {
  const run = structuredClone(runs[0]!);
  const lost = run.records.find((row) => row.kind === 'sent' && row.outcome === 'ok');
  if (lost?.kind !== 'sent') throw new Error('nothing was acknowledged');
  for (const row of run.records)
    if (row.kind === 'log' && row.partition === lost.partition)
      row.records = row.records.slice(0, lost.offset);
  const [finding] = judged('kafka-acknowledged', run).findings;
  expect(finding?.title).toMatch(
    new RegExp(
      `acknowledged records of records-${lost.partition} are lost: offset ${lost.offset} "${lost.value}"`,
    ),
  );
  expect(finding?.words).toMatch(/acks=all, 3 replicas, min.insync.replicas=2.*Kafka promises to keep them/);
});

test('the rules apply where a scenario sends records to brokers, and nowhere else', () => {
  const names = kafkaRules.map(({ name }) => name);
  const plain = rulesOf(scenarioSchema.parse({ name: 'x' }));
  expect(plain.filter((name) => names.includes(name))).toEqual([]);
  const withRecords = (records: object) =>
    rulesOf(scenarioSchema.parse({ name: 'x', topology: { kafka: {} }, records }));
  expect(withRecords({ idempotent: 1, transactional: 1 })).toEqual([...plain, ...names]);
  const ofJava = ['kafka-idempotence', 'kafka-transactions'];
  expect(withRecords({})).toEqual([...plain, ...names.filter((name) => !ofJava.includes(name))]);
});
