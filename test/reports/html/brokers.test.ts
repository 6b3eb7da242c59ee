import { expect, test } from 'vitest';
import { brokerReport } from '../../../reports/brokers/broker-report.ts';
import { readAssets } from '../../../reports/html/assets.ts';
import { renderHtml } from '../../../reports/html/page.ts';
import { sampleBrokers } from '../sample-brokers.ts';
import { reportOfScenarios } from '../sample-report.ts';
import { leaderKill } from '../sample-run.ts';

const wordsOf = (page: string) => page.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '');

test('from a fault to the records it cost, with times, and how long each layer was not there', () => {
  const report = reportOfScenarios([leaderKill(400)]);
  const without = wordsOf(renderHtml(report, new Map(), readAssets()));
  expect(without).not.toContain('From faults to records');

  report.scenarios[0]!.brokers = brokerReport(sampleBrokers);
  const words = wordsOf(renderHtml(report, new Map(), readAssets()));
  expect(words).toContain('kafka1 6.000 s (+1.8 s)');
  expect(words).toContain('kafka2, epoch 2 6.100 s (+1.9 s)');
  expect(words).toContain('records-0: nobody 6.300 s (+2.1 s)');
  expect(words).toContain('records-0: 4.500 s for 2.5 s');
  expect(words).toContain('1 acknowledged and lost, from 3.500 s');
  // The table of layers.
  expect(words).toMatch(/brokers\s*kafka1 not registered\s*1\s*6\.0 s\s*6\.0 s from 6\.000 s/);
  expect(words).toMatch(/records-0\s*nobody leads\s*1\s*500 ms/);
  // The lanes.
  expect(words).toContain('epoch 2: kafka2');
  expect(words).toContain('2.5 s without a record');
});
