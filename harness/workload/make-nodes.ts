import type { OwnTree } from './own-tree.ts';

/** Creates these nodes in order. Setting up is part of the history like everything else; only its failure ends the scenario. */
export async function makeNodes(tree: OwnTree, paths: readonly string[], data: string): Promise<void> {
  for (const path of paths) {
    const { outcome, error } = await tree.create(path, data);
    if (outcome !== 'ok') throw new Error(`creating ${path} ended as ${outcome} (error ${error})`);
  }
}
