import type { RequestOf, WatcherType, WatchLists } from './requests.ts';
import type { WatchEvent } from './watch-event.ts';

/** Path bytes a setWatches may carry, far below a server's jute.maxbuffer (ClientCnxn.SET_WATCHES_MAX_LENGTH). */
const batchBytes = 128 * 1024;

const lists = ['data', 'exist', 'child', 'persistent', 'persistentRecursive'] as const;
export type WatchList = (typeof lists)[number];

/** One-shot watches an event takes away (ZKWatchManager.materialize); a deletion takes them all. */
const spentBy: Record<string, readonly WatchList[]> = {
  NodeCreated: ['data', 'exist'],
  NodeDataChanged: ['data', 'exist'],
  NodeChildrenChanged: ['child'],
  NodeDeleted: ['data', 'exist', 'child'],
  DataWatchRemoved: ['data', 'exist'],
  ChildWatchRemoved: ['child'],
  PersistentWatchRemoved: ['persistent', 'persistentRecursive'],
};

const removedBy: Record<WatcherType, readonly WatchList[]> = {
  data: ['data', 'exist'],
  children: ['child'],
  any: lists,
};

/** The watches a session has set and that have not fired: what must be set again at the next server. */
export class Watches {
  readonly #paths: Record<WatchList, Set<string>> = {
    data: new Set(),
    exist: new Set(),
    child: new Set(),
    persistent: new Set(),
    persistentRecursive: new Set(),
  };

  add(list: WatchList, path: string): void {
    this.#paths[list].add(path);
  }

  removed(type: WatcherType, path: string): void {
    for (const list of removedBy[type]) this.#paths[list].delete(path);
  }

  fired(event: WatchEvent): void {
    for (const list of spentBy[event.type] ?? []) this.#paths[list].delete(event.path);
  }

  /** Requests that set every watch again; none when there is none. */
  requests(relativeZxid: number): RequestOf<'setWatches'>[] {
    const requests: RequestOf<'setWatches'>[] = [];
    let batch = emptyBatch();
    let bytes = 0;
    for (const list of lists) {
      for (const path of this.#paths[list]) {
        const length = Buffer.byteLength(path) + 4;
        if (bytes > 0 && bytes + length > batchBytes) {
          requests.push({ kind: 'setWatches', relativeZxid, watches: batch });
          batch = emptyBatch();
          bytes = 0;
        }
        batch[list].push(path);
        bytes += length;
      }
    }
    if (bytes > 0) requests.push({ kind: 'setWatches', relativeZxid, watches: batch });
    return requests;
  }
}

function emptyBatch(): { [L in keyof WatchLists]: string[] } {
  return { data: [], exist: [], child: [], persistent: [], persistentRecursive: [] };
}
