import type { Returned } from '../client/recorded-session.ts';
import type { OwnTree } from './own-tree.ts';

/** Reads on the way at the same time: enough to keep a server busy, few enough for its request throttle (1000). */
const width = 64;

/**
 * Reads every node of the tree as this server has it: sync first, so that all committed before is seen, then children
 * and data with their Stats. Throws when a read is not answered; a node that is not there is an answer.
 */
export async function readTree(tree: OwnTree): Promise<void> {
  answered(await tree.sync('/'), 'sync', '/');
  let level = ['/'];
  while (level.length > 0) {
    const below: string[] = [];
    for (let i = 0; i < level.length; i += width) {
      const paths = level.slice(i, i + width);
      const reads = await Promise.all(
        paths.map(async (path) => {
          const [children] = await Promise.all(
            [tree.getChildren(path), tree.getData(path)].map(async (read) =>
              answered(await read, 'read', path),
            ),
          );
          const above = path === '/' ? '' : path;
          return (children!.children ?? []).map((name) => `${above}/${name}`);
        }),
      );
      below.push(...reads.flat());
    }
    level = below;
  }
}

function answered(returned: Returned, what: string, path: string): Returned {
  if (returned.outcome === 'ok' || returned.outcome === 'fail') return returned;
  throw new Error(`the final ${what} of ${path} ended as ${returned.outcome} (error ${returned.error})`);
}
