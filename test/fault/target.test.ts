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
