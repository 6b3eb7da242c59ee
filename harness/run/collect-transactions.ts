import { join } from 'node:path';
import { collect } from '../datadir/collect.ts';
import { writeTransactions } from '../datadir/transactions-file.ts';
import { nodeName } from '../topology/topology.ts';
import { transactionsFile } from './run-directory.ts';

/** Where data directories are kept until the verdict is known, in a scenario's folder. */
export const evidenceFolder = 'evidence';

/**
 * Reads the data directories that were kept as evidence and writes down what they hold, so that a scenario is judged
 * without them.
 */
export async function collectTransactions(directory: string, sids: readonly number[]): Promise<void> {
  const folderOf = (sid: number) => join(directory, evidenceFolder, nodeName(sid));
  const folders = new Map(sids.map((sid) => [sid, folderOf(sid)]));
  await writeTransactions(join(directory, transactionsFile), collect(folders));
}
