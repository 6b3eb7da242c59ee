import { describe, expect, test } from 'vitest';
import { versionsIn } from '../../harness/cli/run.ts';
import { parts, upgradeSuite } from '../../suites/upgrade/index.ts';
import { isWayBack } from '../../suites/upgrade/way-back.ts';

const suite = (from: string, to: string, settings = {}) => upgradeSuite({ from, to, settings }, 2).scenarios;

describe('the scenarios of an upgrade', () => {
  test('have every part, and are for these two releases and no other', () => {
    const scenarios = suite('3.8.6', '3.9.5');
    const withoutBrokers = parts.filter((part) => part !== 'brokers');
    expect(new Set(scenarios.map(({ tags }) => tags[0]))).toEqual(new Set(withoutBrokers));
    expect(versionsIn(scenarios, ['3.8.6', '3.9.5']).sort()).toEqual(['3.8.6', '3.9.5']);
  });

  test('have brokers on top when they are asked for, apart from what a copy of your data may hold', () => {
    const { scenarios } = upgradeSuite({ from: '3.8.6', to: '3.9.5', settings: {}, kafka: '3.9.2' }, 2);
    expect(new Set(scenarios.map(({ tags }) => tags[0]))).toEqual(new Set(parts));
    const [under, ...others] = scenarios.filter(({ topology }) => topology.kafka !== undefined);
    expect(others).toEqual([]);
    expect(under).toMatchObject({ tags: ['brokers'], records: { acks: 'all' } });
    expect(under!.topology.kafka).toMatchObject({ version: '3.9.2', chroot: '/gauntlet-kafka' });
    const restarts = under!.steps.flatMap(({ faults }) => faults.map(({ params }) => params.version));
    expect(restarts.filter((version) => version === '3.9.5')).toHaveLength(3);
  });

  test('end with every server on the new release, or on the old one where they go back', () => {
    for (const { tags, steps, topology } of suite('3.8.6', '3.9.5')) {
      if (topology.version === undefined) continue;
      const moves = steps.flatMap(({ start = [], faults }) => [
        ...start.flatMap((each) => (typeof each === 'object' ? (each.version ?? []) : [])),
        ...faults.flatMap(({ params }) => (params.version as string | undefined) ?? []),
      ]);
      const expected = tags[0] === 'back' ? [3, 3] : [3, 0];
      expect(moves.filter((version) => version === '3.9.5')).toHaveLength(expected[0]!);
      expect(moves.filter((version) => version === '3.8.6')).toHaveLength(expected[1]!);
    }
  });

  test('are tried with logs apart from snapshots, and without', () => {
    const way = suite('3.4.10', '3.4.11').filter(({ topology }) => topology.version !== undefined);
    expect(new Set(way.map(({ topology }) => topology.separateLogDir))).toEqual(new Set([true, false]));
  });

  test('wait as long as the operator’s own ticks need', () => {
    const heldMs = (settings: Record<string, string>) =>
      Math.max(...suite('3.8.6', '3.9.5', settings).flatMap(({ steps }) => steps.map(({ forMs }) => forMs)));
    expect(heldMs({ tickTime: '2000', syncLimit: '5' })).toBeGreaterThan(12_000);
    expect(heldMs({})).toBeLessThan(5000);
  });
});

describe('a way back', () => {
  test.each([
    ['3.4.10', '3.4.11', true],
    ['3.8.6', '3.9.5', true],
    ['3.6.4', '3.7.2', true],
    ['3.4.14', '3.5.8', false],
    ['3.5.8', '3.6.4', false],
    ['3.6.4', '3.9.5', false],
    ['3.9.5', '3.8.6', false],
  ])('from %s to %s and back is tried: %s', (from, to, wanted) => {
    expect(isWayBack(from, to)).toBe(wanted);
    expect(suite(from, to).some(({ tags }) => tags[0] === 'back')).toBe(wanted);
  });
});
