import { expect, test } from 'vitest';
import { type FaultContext, FaultMissed } from '../../harness/fault/fault.ts';
import { spoil } from '../../harness/fault/spoil.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

const stored = [
  'myid',
  'version-2',
  'currentEpoch',
  'snapshot.0',
  'snapshot.100000009',
  'snapshot.10000000a',
];
const logs = ['log.1', 'log.10000000a', 'log.9'];

/** One server that refuses its disk as often as it is told to. */
function ground(refusals: number, files = [...stored, ...logs]) {
  const done: string[] = [];
  let left = refusals;
  let runs = true;
  const machine = {
    name: 'zk1',
    state: async () => (runs ? 'running' : 'gone'),
    storedFiles: async () => files.map((file) => `/data/version-2/${file}`),
    damage: async (paths: string[], how: string) =>
      void done.push(`${how} ${paths.map((path) => path.replace('/data/version-2/', '')).join(' ')}`),
    repair: async () => void done.push('repaired'),
  };
  const start = async (sids: readonly number[]) => {
    done.push(`started ${sids.join()}`);
    runs = sids.length > 0 && left-- <= 0;
    return runs ? [] : [...sids];
  };
  const ensemble = {
    topology: resolveTopology({}, '3.9.5'),
    machine: () => machine,
    site: { probe: async () => ['refused'] },
    running: async () => (runs ? [1] : []),
    end: async () => {
      runs = false;
      return [{ code: null, signal: 'SIGKILL' }];
    },
    tryDisks: start,
    startAll: start,
    rejoined: async () => ['zk1 serves as follower'],
  };
  const context = { ensemble, cuts: { linked: () => true } } as unknown as FaultContext;
  const inject = (params: object) => spoil.inject(context, [1], spoil.params.parse(params));
  return { done, inject };
}

test('what is named is emptied or deleted, in the order of zxids, and nothing else', async () => {
  const { done, inject } = ground(0);
  const { proof } = await inject({ snapshots: 'emptied', logs: 'deleted-but-newest' });
  expect(done).toEqual(['emptied snapshot.0 snapshot.100000009 snapshot.10000000a', 'deleted log.1 log.9']);
  expect(proof.slice(1)).toEqual(['zk1: 3 of 3 snapshots emptied', 'zk1: 2 of 3 logs deleted-but-newest']);
});

test('a server that takes the rest keeps it', async () => {
  const { done, inject } = ground(0);
  const { heal } = await inject({ logs: 'deleted' });
  expect(await heal()).toEqual(['zk1 serves as follower']);
  expect(done).not.toContain('repaired');
});

test('a server that refuses the rest gets its files back and starts again', async () => {
  const { done, inject } = ground(1);
  const { heal } = await inject({ snapshots: 'deleted' });
  expect(await heal()).toEqual(['zk1 refused the rest and got its files back', 'zk1 serves as follower']);
  expect(done.slice(1)).toEqual(['started 1', 'repaired', 'started 1']);
});

test('a server that has no such file cannot be spoiled', async () => {
  const { inject } = ground(0, [...stored, 'log.1']);
  await expect(inject({ logs: 'deleted-but-newest' })).rejects.toThrow(FaultMissed);
});

test('a spoil that names nothing is refused', () => {
  expect(spoil.params.safeParse({}).success).toBe(false);
});
