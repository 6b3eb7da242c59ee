import { expect, test } from 'vitest';
import type { FaultContext } from '../../harness/fault/fault.ts';
import { fullDisk } from '../../harness/fault/full-disk.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

/** One server with a disk of its own, and what is done to them. */
function ground({ ends = false } = {}) {
  const done: string[] = [];
  let runs = true;
  let room = true;
  const disk = {
    fill: async () => {
      room = false;
      if (ends) runs = false;
    },
    free: async () => {
      room = true;
      done.push('freed');
    },
    hasRoom: async () => room,
  };
  const ensemble = {
    topology: resolveTopology({}, '3.9.5'),
    machine: () => ({ name: 'zk1', disk, state: async () => (runs ? 'running' : 'gone') }),
    running: async () => (runs ? [1] : []),
    endedAlone: () => (runs ? undefined : 'zk1 ended by itself (exit code 10)'),
    end: async (sids: readonly number[]) => {
      if (sids.length > 0) done.push(`ended ${sids.join()}`);
      runs = runs && sids.length === 0;
      return [];
    },
    startAll: async (sids: readonly number[]) => {
      if (sids.length > 0) done.push(`started ${sids.join()}`);
      runs = true;
    },
    rejoined: async () => ['zk1 serves as follower'],
  };
  const context = { ensemble, cuts: { linked: () => true } } as unknown as FaultContext;
  const inject = (params: object) => fullDisk.inject(context, [1], fullDisk.params.parse(params));
  return { done, inject };
}

test('a node that runs on is started anew when its disk has room again', async () => {
  const { done, inject } = ground();
  const { heal } = await inject({});
  expect(await heal()).toEqual(['zk1 still ran', 'zk1 serves as follower']);
  expect(done).toEqual(['freed', 'ended 1', 'started 1']);
});

test('a node that runs on is left to itself where that is asked for', async () => {
  const { done, inject } = ground();
  const { heal } = await inject({ restart: false });
  expect(await heal()).toEqual(['zk1 still ran', 'zk1 serves as follower']);
  expect(done).toEqual(['freed']);
});

test('a node that ended is started in any case', async () => {
  const { done, inject } = ground({ ends: true });
  const { heal } = await inject({ restart: false });
  expect(await heal()).toEqual(['zk1 ended by itself (exit code 10)', 'zk1 serves as follower']);
  expect(done).toEqual(['freed', 'started 1']);
});
