import { expect, test } from 'vitest';
import { makerOf, RunNode, runNodeOf } from '../../../harness/backend/external/run-node.ts';

test('the node of a run has the name of its directory, as far as that makes a name', () => {
  expect(runNodeOf('', '2026-11-21T121917Z-attach-1')).toBe('/gauntlet-2026-11-21T121917Z-attach-1');
  expect(runNodeOf('/app/zk', 'my run/../x')).toBe('/app/zk/gauntlet-my-run-..-x');
  expect(runNodeOf('', '..')).toBe('/gauntlet-..');
});

test.each(['/zookeeper', '/app', '/', '/app/gauntlet-x/1-attach', '/gauntle'])(
  '%s is never taken for one',
  (path) => {
    expect(() => new RunNode(undefined as never, path)).toThrow(/is no node of a run/);
  },
);

test('only what says who made it was made by a run', () => {
  const maker = { pid: 7, started: 'x', place: 'y' };
  expect(makerOf(JSON.stringify({ madeBy: 'zk-gauntlet', ...maker }))).toEqual(maker);
  for (const other of [null, '', 'made', '7', 'null', '{"madeBy":"zk-gauntlet"}', JSON.stringify(maker)]) {
    expect(makerOf(other)).toBeUndefined();
  }
});
