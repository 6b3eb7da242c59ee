import { absent, childless, notAversion, notEmpty, notVersion, present } from './sightings.ts';
import { unsaid } from './texts.ts';
import type { Told } from './told.ts';
import { creates, type Entry, isSequential, setsAcl } from './updates.ts';

/** KeeperException.Code. */
export const errorCodes = {
  noNode: -101,
  badVersion: -103,
  noChildrenForEphemerals: -108,
  nodeExists: -110,
  notEmpty: -111,
};

/**
 * Refusals that the leader decides in zxid order and logs as a transaction of their own, so that the header zxid is
 * where they stand (PrepRequestProcessor; measured on 3.4.6 to 3.9.5). Others (throttling, authentication) are not ordered.
 */
export const orderedRefusals: ReadonlySet<number> = new Set(Object.values(errorCodes));

/**
 * What a refused write says of the node (or its parent) it met. `before`: writes of the same node in earlier parts of
 * the same multi, which the state that others see does not have.
 */
export function sightRefusal(told: Told, update: Entry, error: number, before = 0): void {
  const { paths, sightings } = told;
  const { row, zxid, kind, node, version } = update;
  const see = (at: number, seen: number, text = unsaid) => {
    if (!paths.isInside(at)) return;
    sightings.push(row, zxid, at, seen, -1, text);
    told.refusals++;
  };
  switch (error) {
    case errorCodes.noNode:
      see(kind === creates ? paths.parentOf(node) : node, absent);
      break;
    case errorCodes.nodeExists:
      // Whose name a number would have made is not known.
      if (!isSequential(update)) see(node, present);
      break;
    case errorCodes.notEmpty:
      see(node, notEmpty);
      break;
    case errorCodes.noChildrenForEphemerals:
      see(paths.parentOf(node), childless);
      break;
    case errorCodes.badVersion:
      see(node, kind === setsAcl ? notAversion : notVersion, version - before);
      break;
    default:
  }
}
