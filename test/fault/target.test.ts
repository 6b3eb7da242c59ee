import { describe, expect, test } from 'vitest';
import { resolveTarget } from '../../harness/fault/target.ts';
import type { Target } from '../../harness/plan/plan.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { Role } from '../../harness/topology/roles.ts';

const roles = (leader: number, voters: number, observers = 0) =>
  new Map<number, Role>(
    Array.from({ length: voters + observers }, (_, i) => {
      const sid = i + 1;
      return [sid, sid === leader ? 'leader' : sid > voters ? 'observer' : 'follower'];
    }),
  );
const view = (voters: number, leader: number, observers = 0) => ({
  topology: resolveTopology({ voters, observers }, '3.9.5'),
  roles: roles(leader, voters, observers),
});

const brokers = {
  registered: [101, 102, 103],
  controller: 102,
  partitions: [
    { topic: 'records', partition: 0, leader: 103, isr: [103, 101], replicas: [101, 102, 103] },
    { topic: 'records', partition: 1, leader: 101, isr: [101], replicas: [101, 102, 103] },
  ],
};
const aboveServers = {
  ...view(3, 1),
  topology: resolveTopology({ kafka: {} }, '3.9.5'),
  brokers,
};

describe('a target among brokers', () => {
  test.each<[Target, number[]]>([
    ['controller', [102]],
    ['brokers', [101, 102, 103]],
    ['partition-leader', [103]],
    ['in-sync-follower', [101]],
    ['in-sync-followers', [101]],
    [
      ['kafka2', 3],
      [102, 3],
    ],
  ])('%j is whom ZooKeeper names', (target, nodes) => {
    expect(resolveTarget(target, aboveServers, 1)).toEqual(nodes);
  });

  test('that nobody is right now, or that does not exist, says so', () => {
    const headless = { ...aboveServers, brokers: { ...brokers, controller: undefined } };
    expect(() => resolveTarget('controller', headless, 1)).toThrow('no server is "controller" right now');
    expect(() => resolveTarget('partition-leader', view(3, 1), 1)).toThrow('no server is "partition-leader"');
    expect(() => resolveTarget(['kafka4'], aboveServers, 1)).toThrow('there is no server 104');
  });

  test('roles of servers never mean a broker', () => {
    expect(resolveTarget('all', aboveServers, 1)).toEqual([1, 2, 3]);
    expect(resolveTarget('followers', aboveServers, 1)).toEqual([2, 3]);
  });
});

describe('a target', () => {
  const sizes: { voters: number; minority: number; majority: number }[] = [
    { voters: 3, minority: 1, majority: 2 },
    { voters: 4, minority: 1, majority: 2 },
    { voters: 5, minority: 2, majority: 3 },
    { voters: 7, minority: 3, majority: 4 },
  ];
  test.each(sizes)('of $voters voters: $minority may be lost, losing $majority ends the quorum', (size) => {
    for (let leader = 1; leader <= size.voters; leader++) {
      const at = view(size.voters, leader);
      for (let draw = 0; draw < 20; draw++) {
        const resolve = (target: Target) => resolveTarget(target, at, draw);
        expect(resolve('minority')).toHaveLength(size.minority);
        expect(resolve('minority')).not.toContain(leader);
        expect(resolve('minority-with-leader')).toHaveLength(size.minority);
        expect(resolve('minority-with-leader')).toContain(leader);
        expect(resolve('majority')).toHaveLength(size.majority);
        expect(resolve('majority')).not.toContain(leader);
        expect(resolve('majority-with-leader')).toHaveLength(size.majority);
        expect(resolve('majority-with-leader')).toContain(leader);
      }
    }
  });

  test('by role is whoever has the role at that instant', () => {
    expect(resolveTarget('leader', view(3, 2), 1)).toEqual([2]);
    expect(resolveTarget('followers', view(3, 2), 1)).toEqual([1, 3]);
    expect(resolveTarget('observers', view(3, 2, 2), 1)).toEqual([4, 5]);
    expect(resolveTarget('highest-sid', view(3, 2, 2), 1)).toEqual([3]);
  });

  test('with a choice is drawn by the draw alone', () => {
    const at = view(5, 3);
    const picks = new Set(Array.from({ length: 50 }, (_, draw) => resolveTarget('follower', at, draw)[0]));
    expect([...picks].sort()).toEqual([1, 2, 4, 5]);
    expect(resolveTarget('follower', at, 42)).toEqual(resolveTarget('follower', at, 42));
  });

  test('by release is a voter that was last started with it, in the role that is asked for', () => {
    const half = { ...view(3, 2), releases: new Map([[1, '3.9.9']]) };
    expect(resolveTarget({ on: '3.9.9' }, half, 1)).toEqual([1]);
    expect(resolveTarget({ on: '3.9.5', role: 'follower' }, half, 1)).toEqual([3]);
    expect(resolveTarget({ on: '3.9.5', role: 'leader' }, half, 1)).toEqual([2]);
    expect(() => resolveTarget({ on: '3.9.9', role: 'leader' }, half, 1)).toThrow(
      'no server is "leader on 3.9.9" right now',
    );
  });

  test('that nobody is right now says so', () => {
    const electing = { ...view(3, 1), roles: new Map<number, Role>([[1, 'electing']]) };
    expect(() => resolveTarget('leader', electing, 1)).toThrow('no server is "leader" right now');
    expect(() => resolveTarget('minority-with-leader', electing, 1)).toThrow('no server is "');
    expect(() => resolveTarget([9], view(3, 1), 1)).toThrow('there is no server 9');
  });
});
