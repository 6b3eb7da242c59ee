import { expect, test } from 'vitest';
import type { Op, Zxid } from '../../../harness/history/op.ts';
import { corePlot } from '../../../reports/html/core-plot.ts';
import { op, statOf } from '../sample-ops.ts';
import { sampleReport } from '../sample-report.ts';

const scenario = sampleReport().scenarios[0]!;
const zxid = (n: number) => n as Zxid;

function writes(count: number): Op[] {
  return Array.from({ length: count }, (_, i) =>
    op({
      kind: 'setData',
      outcome: 'ok',
      xid: i + 1,
      invokedNs: i * 1e6,
      returnedNs: i * 1e6 + 5e5,
      zxid: zxid(i + 1),
      path: '/a',
      value: String(i),
    }),
  );
}

test('every operation has one bar, the highest zxid on top, and those of the finding stand out', () => {
  const ops = writes(3);
  const { html } = corePlot(scenario, [ops[1]!], ops);
  expect(html.match(/<rect class="op other"/g)).toHaveLength(2);
  expect(html.match(/<rect class="op named"/g)).toHaveLength(1);
  expect([...html.matchAll(/class="zxid"[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
    '0x3',
    '0x2',
    '0x1',
  ]);
});

test('an answer points at the update whose data it showed', () => {
  const ops = [
    ...writes(2),
    op({
      kind: 'getData',
      outcome: 'ok',
      invokedNs: 5e6,
      returnedNs: 6e6,
      xid: 9,
      zxid: zxid(2),
      path: '/a',
      value: '0',
      stat: statOf(zxid(1), 1),
    }),
  ];
  expect(corePlot(scenario, ops.slice(2), ops).html.match(/class="seen"/g)).toHaveLength(1);
});

test('of a long core the operations of the finding and the latest others are drawn, and the rest counted', () => {
  const ops = writes(100);
  const { html } = corePlot(scenario, [ops[0]!], ops);
  expect(html.match(/<rect class="op/g)).toHaveLength(40);
  expect(html).toContain('<rect class="op named"');
  expect(html).toContain('60 more operations are in the table');
});
