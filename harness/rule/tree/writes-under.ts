import type { Account } from './account.ts';
import { creates, setsData, type Update } from './updates.ts';

/** An update of a node of one folder, with the name of the node in it. */
export interface Named extends Update {
  name: string;
}

/** Nodes created right below a folder, in zxid order; those whose answer was lost as far as somebody saw them. */
export function createdUnder(account: Account, folder: string): Named[] {
  return updatesUnder(account, folder, creates);
}

/** Data written to nodes right below a folder, in zxid order. */
export function writtenUnder(account: Account, folder: string): Named[] {
  return updatesUnder(account, folder, setsData);
}

/** Data written to one node, in zxid order. */
export function writtenTo({ updates, byZxid, told }: Account, path: string): Update[] {
  const node = told.paths.find(path);
  const written: Update[] = [];
  for (const i of byZxid) {
    if (updates.node[i] === node && updates.kind(i) === setsData) written.push(updates.at(i));
  }
  return written;
}

function updatesUnder({ updates, byZxid, told }: Account, folder: string, wanted: number): Named[] {
  const { paths } = told;
  const parent = paths.find(folder);
  const found: Named[] = [];
  for (const i of byZxid) {
    if (updates.kind(i) !== wanted || paths.parentOf(updates.node[i]!) !== parent) continue;
    const update = updates.at(i);
    found.push({ ...update, name: update.path.slice(folder.length + 1) });
  }
  return found;
}
