import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Ensemble } from '../../harness/ensemble/ensemble.ts';
import { plantDisks } from '../../harness/run/plant.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { StoredFile } from '../../harness/topology/stored-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-plant-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'version-2'));
for (const [name, text] of Object.entries({
  'version-2/log.1': 'a log',
  'version-2/snapshot.0': 'a snapshot',
  'version-2/currentEpoch': '4\n',
  'version-2/acceptedEpoch': '5',
  'version-2/.snapshot.7.tmp': 'half a snapshot',
  myid: '7',
})) {
  writeFileSync(join(folder, name), text);
}

async function planted(data?: string): Promise<Map<number, StoredFile[]>> {
  const disks = new Map<number, StoredFile[]>();
  const topology = resolveTopology({ voters: 2, ...(data !== undefined && { data }) }, '3.9.5');
  const machine = (sid: number) => ({ plant: async (files: StoredFile[]) => void disks.set(sid, files) });
  await plantDisks({ topology, machine } as unknown as Ensemble);
  return disks;
}

test('every server begins with a copy of the data, without whose it was', async () => {
  const disks = await planted(folder);
  expect([...disks.keys()]).toEqual([1, 2]);
  const told = disks.get(2)!.map(({ area, path, bytes }) => [area, path, Buffer.from(bytes).toString()]);
  expect(told).toEqual([
    ['data', 'version-2/snapshot.0', 'a snapshot'],
    ['log', 'version-2/log.1', 'a log'],
    ['data', 'version-2/currentEpoch', '4'],
    ['data', 'version-2/acceptedEpoch', '5'],
  ]);
});

test('without data nothing is planted', async () => {
  expect((await planted()).size).toBe(0);
});
