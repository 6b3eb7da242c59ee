import { expect, test } from 'vitest';
import { defineSuite } from '../../harness/scenario/define.ts';
import type { ScenarioInput } from '../../harness/scenario/scenario.ts';

const define = (scenario: Partial<ScenarioInput>) =>
  defineSuite({ name: 'own', scenarios: [{ name: 'one', ...scenario }] });
const kill = { fault: 'kill', target: 'leader' as const };

test('servers may come one by one, and a fault may stay open over several steps', () => {
  const [scenario] = define({
    topology: { voters: 3, observers: 1 },
    begin: [1],
    formation: [{ expect: [{ roles: { 1: 'electing' } }] }, { start: [2, 3] }],
    outsiders: [4],
    steps: [
      { faults: [kill], keep: 'dead', gate: false },
      { heal: ['dead'], start: [4] },
    ],
  }).scenarios;
  expect(scenario?.formation?.[0]).toMatchObject({ forMs: 0, gate: false });
});

test.each<[string, Partial<ScenarioInput>, RegExp]>([
  ['a server that never starts', { begin: [1, 2] }, /server 3 never starts/],
  ['a server that does not exist', { begin: [1, 2, 3, 4] }, /there is no server 4/],
  ['a heal of nothing', { steps: [{ heal: ['cut'] }] }, /heal "cut".*no fault is kept open/],
  [
    'a name used twice',
    {
      steps: [
        { faults: [kill], keep: 'a' },
        { faults: [kill], keep: 'a' },
      ],
    },
    /keep "a".*that name is taken/,
  ],
  [
    'an unknown fault before there are clients',
    { formation: [{ faults: [{ fault: 'kil', target: 'all' }] }] },
    /formation\[0\]\.faults\[0\]\.fault "kil"/,
  ],
  [
    'disks no history can have left',
    { topology: { nodes: { 1: { stored: { log: [[2, 1]], currentEpoch: 1 } } } } },
    /server 1 has transactions of epoch 2/,
  ],
  [
    'a broker as target without any',
    { steps: [{ faults: [{ fault: 'kill', target: 'controller' }] }] },
    /steps\[0\]\.faults\[0\]\.target "controller".*there are no brokers/,
  ],
  [
    'a broker that does not exist',
    { topology: { kafka: { brokers: 2 } }, steps: [{ faults: [{ fault: 'kill', target: ['kafka3'] }] }] },
    /"kafka3".*there are only 2 brokers/,
  ],
  ['records without brokers', { records: {} }, /records.*no brokers to send them to/],
])('%s is refused by name', (_, scenario, message) => {
  expect(() => define(scenario)).toThrow(message);
});
