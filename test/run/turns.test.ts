import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { drawPlan } from '../../harness/plan/draw-plan.ts';
import { turnsOf } from '../../harness/run/turns.ts';
import { type Scenario, scenarioSchema } from '../../harness/scenario/scenario.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { TopologyInput } from '../../harness/topology/topology.ts';

const scenario = (name: string, topology: TopologyInput = {}) => scenarioSchema.parse({ name, topology });
const resolved = ({ topology }: Scenario, release: string) => resolveTopology(topology, release);
const turns = (scenarios: Scenario[], ...releases: [string, ...string[]]) =>
  turnsOf(scenarios, releases, resolved);
const told = (all: ReturnType<typeof turns>) => all.map(({ name, slug, release }) => [name, slug, release]);

test('with one release names and folders are those of the scenarios', () => {
  expect(told(turns([scenario('The leader is killed'), scenario('2')], '3.9.5'))).toEqual([
    ['The leader is killed', '1-the-leader-is-killed', '3.9.5'],
    ['2', '2-2', '3.9.5'],
  ]);
});

test('with two every scenario has a turn on each, side by side, under names of their own', () => {
  const all = turns([scenario('one'), scenario('two')], '3.9.5', '3.4.14');
  expect(told(all)).toEqual([
    ['one (3.9.5)', '1-3.9.5-one', '3.9.5'],
    ['one (3.4.14)', '2-3.4.14-one', '3.4.14'],
    ['two (3.9.5)', '3-3.9.5-two', '3.9.5'],
    ['two (3.4.14)', '4-3.4.14-two', '3.4.14'],
  ]);
  expect(all.map(({ topology }) => topology.nodes[2]!.version)).toEqual([
    '3.9.5',
    '3.4.14',
    '3.9.5',
    '3.4.14',
  ]);
});

test('a long name does not cost a folder its release', () => {
  const slugs = turns([scenario('x'.repeat(90))], '3.8.0', '3.9.5').map(({ slug }) => slug);
  expect(slugs).toEqual([`1-3.8.0-${'x'.repeat(60)}`, `2-3.9.5-${'x'.repeat(60)}`]);
});

test('a scenario whose servers all name their release has one turn, called by what they run', () => {
  const mixed = { version: '3.8.0', nodes: { 2: { version: '3.9.5' } } };
  const each = { voters: 1, observers: 1, nodes: { 1: { version: '3.4.6' }, 2: { version: '3.4.6' } } };
  expect(told(turns([scenario('mixed', mixed), scenario('each', each)], '3.4.14', '3.5.8'))).toEqual([
    ['mixed', '1-mixed', '3.8.0 + 3.9.5'],
    ['each', '2-each', '3.4.6'],
  ]);
});

test('one that leaves a server open has a turn on each, though it names both releases', () => {
  const open = { nodes: { 1: { version: '3.8.0' }, 2: { version: '3.9.5' } } };
  expect(turns([scenario('open', open)], '3.8.0', '3.9.5').map(({ name }) => name)).toEqual([
    'open (3.8.0)',
    'open (3.9.5)',
  ]);
});

test('the plan of a turn is that of its scenario, whatever the release', () => {
  const steps = [{ faults: [{ fault: 'kill', target: 'any' }] }];
  const one = scenarioSchema.parse({ name: 'one', steps });
  const [a, b] = turns([one], '3.9.5', '3.4.14').map((turn) => drawPlan(turn.scenario, randomFrom(7)));
  expect(a).toEqual(b);
});
