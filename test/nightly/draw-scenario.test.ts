import { describe, expect, test } from 'vitest';
import { drawScenario } from '../../harness/nightly/draw-scenario.ts';
import { scenariosOf } from '../../harness/nightly/sequence.ts';
import { defineSuite } from '../../harness/scenario/define.ts';

const releases = ['3.4.11', '3.8.6', '3.9.5'];

describe('a scenario drawn from a seed', () => {
  test('is one that the schema and every catalogue take, in ten thousand draws', () => {
    const scenarios = Array.from({ length: 10_000 }, (_, seed) => drawScenario(seed, releases));
    const suite = defineSuite({ name: 'nightly', scenarios }, 'nightly');
    expect(suite.scenarios).toHaveLength(10_000);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(drawScenario(77, releases)).toEqual(drawScenario(77, releases));
    expect(drawScenario(77, releases)).not.toEqual(drawScenario(78, releases));
  });

  test('hits no server that an earlier step has ended, and starts none that runs', () => {
    for (let seed = 0; seed < 3000; seed++) {
      const { topology, steps = [], name } = drawScenario(seed, releases);
      const up = new Set(Array.from({ length: topology!.voters! }, (_, i) => i + 1));
      for (const { start = [], faults = [], keep } of steps) {
        if (keep === undefined && start.length === 0) continue;
        for (const sid of start as number[]) {
          expect(up, name).not.toContain(sid);
          up.add(sid);
        }
        for (const { target } of faults) {
          for (const sid of target as number[]) {
            expect(up, name).toContain(sid);
            up.delete(sid);
          }
        }
      }
      expect(up.size, name).toBe(topology!.voters);
    }
  });

  test('asks clients for writes only while a quorum runs', () => {
    for (let seed = 0; seed < 3000; seed++) {
      const { topology, steps = [], name } = drawScenario(seed, releases);
      const down = new Set<number>();
      for (const { start = [], faults = [], keep, when, client } of steps) {
        const asks = client !== undefined || (when !== undefined && 'acked' in when);
        if (asks) expect(down.size, name).toBeLessThan(topology!.voters! / 2);
        if (client) expect(down, name).not.toContain(client.on);
        for (const sid of start as number[]) down.delete(sid);
        for (const { target } of keep ? faults : []) for (const sid of target as number[]) down.add(sid);
      }
    }
  });
});

describe('the scenarios of a night', () => {
  const first = (count: number, covered: Parameters<typeof scenariosOf>[2] = []) => {
    const night = scenariosOf(20261121, releases, covered);
    return Array.from({ length: count }, () => night.next().value!);
  };

  test('are the same for the same seed and the same coverage', () => {
    expect(first(30)).toEqual(first(30));
  });

  test('can each be drawn alone by its own seed, which its name begins with', () => {
    for (const { seed, scenario } of first(30)) {
      expect(drawScenario(seed, releases)).toEqual(scenario);
      expect(scenario.name).toMatch(new RegExp(`^${seed}: `));
    }
  });

  test('bring what was covered least: with all of one workload seen, there is less of it', () => {
    const faults = ['kill', 'stop', 'restart', 'pause', 'isolate', 'partition', 'bridge', 'wipe'];
    const seen = releases.flatMap((version) =>
      faults.map((fault) => ({
        ...{ fault, role: 'leader', phase: 'broadcast' as const, version, workload: 'mixed', times: 500 },
      })),
    );
    const mixed = (night: ReturnType<typeof first>) =>
      night.filter(({ scenario }) => scenario.workload.use === 'mixed').length;
    expect(mixed(first(60, seen))).toBeLessThan(mixed(first(60)));
  });
});
