import type { OwnTree } from '../own-tree.ts';
import { anyRegister, type Client } from './client.ts';
import { anyFlag } from './nodes.ts';

/** Reads that leave a watch behind; what comes of it is in the history. */
export async function watchRegister(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const { stat } = await tree.getData(path, true);
  if (stat) client.versions.set(path, stat.version);
}

export function watchFlag(client: Client, tree: OwnTree): Promise<unknown> {
  return tree.exists(anyFlag(client), true);
}

export function watchChildren(client: Client, tree: OwnTree): Promise<unknown> {
  return tree.getChildren(client.random.pick(['/ephemerals', '/flags']), true);
}

/** Watches that stay; on nodes that nobody watches otherwise, for before 3.9 the two kinds disturbed each other (ZOOKEEPER-4466). */
export function watchForGood(client: Client, tree: OwnTree): Promise<unknown> {
  if (!client.params.persistentWatches) return tree.exists('/sequence');
  return client.random.int(0, 1) === 0
    ? tree.addWatch('/sequence', 'persistent')
    : tree.addWatch('/set', 'persistentRecursive');
}
