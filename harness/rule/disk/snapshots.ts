import type { AdoptedNode, StoredTransactions } from '../../datadir/stored-transactions.ts';
import { type Change, isRefusal } from '../../datadir/transaction.ts';
import type { Lost, Update } from '../tree/updates.ts';
import { isEphemeral, isMortal } from '../tree/updates.ts';

/** Answers from snapshots that servers took over, where their logs say nothing. */
interface Snapshots {
  nodes: ReadonlyMap<string, AdoptedNode>;
  /** Paths that some transaction deletes. */
  deleted: ReadonlySet<string>;
}

const known = new WeakMap<StoredTransactions, Snapshots>();

function snapshotsOf(stored: StoredTransactions): Snapshots {
  const made = known.get(stored) ?? {
    nodes: new Map(stored.nodes.map((node) => [keyOf(node.sid, node.zxid, node.path), node])),
    deleted: new Set(stored.rows.flatMap(({ transaction }) => pathsDeletedBy(transaction))),
  };
  known.set(stored, made);
  return made;
}

const keyOf = (sid: number, snapshot: number, path: string) => `${sid} ${snapshot} ${path}`;

/**
 * Why a snapshot cannot hold what this write did, as it reads after "the snapshot": undefined when it does, or when
 * something later explains what it shows instead. Snapshots are written while the server goes on, so they may show more
 * than their zxid says, never less. `lost`: writes without an answer, which may have deleted what is not there.
 */
export function contradiction(
  stored: StoredTransactions,
  { sid, snapshot }: { sid: number; snapshot: number },
  update: Update,
  lost: readonly Lost[],
): string | undefined {
  const { kind, path, zxid } = update;
  if (kind === 'check' || kind === 'setACL') return undefined;
  const { nodes, deleted } = snapshotsOf(stored);
  const node = nodes.get(keyOf(sid, snapshot, path));
  if (kind === 'delete') return node && node.czxid < zxid ? 'still has the node' : undefined;
  if (node === undefined) {
    const mayBeGone = isEphemeral(update) || isMortal(update) || deleted.has(path) || mayDelete(lost, path);
    return mayBeGone ? undefined : 'lacks the node';
  }
  if (node.mzxid < zxid) return 'shows the node as it was before';
  const same = node.mzxid > zxid || (node.value ?? '') === (update.value ?? '');
  return same ? undefined : `shows ${JSON.stringify(node.value)} at that zxid`;
}

const mayDelete = (lost: readonly Lost[], path: string) =>
  lost.some(({ updates }) => updates.some((each) => each.kind === 'delete' && each.path === path));

function pathsDeletedBy(change: Change): string[] {
  switch (change.type) {
    case 'delete':
    case 'deleteContainer':
      return [change.path];
    case 'closeSession':
      return change.paths ?? [];
    case 'multi':
      return isRefusal(change) ? [] : change.parts.flatMap(pathsDeletedBy);
    default:
      return [];
  }
}
