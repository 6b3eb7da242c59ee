import { stateFiles } from '../datadir/write-state.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { StoredFile } from '../topology/stored-state.ts';
import type { NodeSpec } from '../topology/topology.ts';

/** Puts on the servers' disks what the topology says they hold before their first start. */
export async function plantDisks(ensemble: Ensemble): Promise<void> {
  for (const node of ensemble.topology.nodes) {
    const files = filesOf(node);
    if (files.length > 0) await ensemble.machine(node.sid).plant(files);
  }
}

function filesOf({ stored, myid }: NodeSpec): StoredFile[] {
  return [
    ...(stored ? stateFiles(stored) : []),
    ...(typeof myid === 'string' ? [{ area: 'data' as const, path: 'myid', bytes: Buffer.from(myid) }] : []),
  ];
}
