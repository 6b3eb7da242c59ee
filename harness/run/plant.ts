import { readFileSync } from 'node:fs';
import { type DatedFile, openDataDirectory, versionFolder } from '../datadir/data-directory.ts';
import { stateFiles } from '../datadir/write-state.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { StoredFile } from '../topology/stored-state.ts';
import type { NodeSpec } from '../topology/topology.ts';

/** Puts on the servers' disks what the topology says they hold before their first start. */
export async function plantDisks(ensemble: Ensemble): Promise<void> {
  const { nodes, data } = ensemble.topology;
  const copied = data === undefined ? [] : copyOf(data);
  for (const node of nodes) {
    const files = [...copied, ...filesOf(node)];
    if (files.length > 0) await ensemble.machine(node.sid).plant(files);
  }
}

/** What a server left, as another would find it: logs apart from snapshots where the topology keeps them apart. */
function copyOf(directory: string): StoredFile[] {
  const { logs, snapshots, epochs } = openDataDirectory(directory);
  const file = (area: StoredFile['area'], { name, path }: DatedFile) => ({
    area,
    path: `${versionFolder}/${name}`,
    bytes: readFileSync(path),
  });
  const epoch = (name: string, value: number | string | undefined): StoredFile[] =>
    value === undefined
      ? []
      : [{ area: 'data', path: `${versionFolder}/${name}`, bytes: Buffer.from(`${value}`) }];
  return [
    ...snapshots.map((each) => file('data', each)),
    ...logs.map((each) => file('log', each)),
    ...epoch('currentEpoch', epochs.current),
    ...epoch('acceptedEpoch', epochs.accepted),
  ];
}

function filesOf({ stored, myid }: NodeSpec): StoredFile[] {
  return [
    ...(stored ? stateFiles(stored) : []),
    ...(typeof myid === 'string' ? [{ area: 'data' as const, path: 'myid', bytes: Buffer.from(myid) }] : []),
  ];
}
