import { type Acl, openAcl } from '../../client/acl.ts';
import type { OwnTree } from '../own-tree.ts';
import { anyRegister, type Client } from './client.ts';

export async function readRegister(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const { stat } = await tree.getData(path);
  if (stat) client.versions.set(path, stat.version);
}

/** Both on the way at once: a server must not answer the read before the sync. */
export async function syncAndRead(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const [, { stat }] = await Promise.all([tree.sync(path), tree.getData(path)]);
  if (stat) client.versions.set(path, stat.version);
}

export async function writeRegister(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const { stat } = await tree.setData(path, client.unique());
  if (stat) client.versions.set(path, stat.version);
}

/** Fails when somebody else was quicker, which is an observation too. */
export async function writeIfUnchanged(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const { stat, outcome } = await tree.setData(path, client.unique(), client.versions.get(path) ?? 0);
  if (stat) client.versions.set(path, stat.version);
  if (outcome === 'fail') client.versions.delete(path);
}

/** Several updates on the way at once: ZooKeeper applies them in the order sent. */
export async function burst(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  await Promise.all(Array.from({ length: 4 }, () => tree.setData(path, client.unique())));
  client.versions.delete(path);
}

/** Two changes at one zxid, on the condition that a third node exists at a version: all or nothing. */
export function changeTogether(client: Client, tree: OwnTree): Promise<unknown> {
  const path = anyRegister(client);
  const value = client.unique();
  return tree.multi([
    { kind: 'check', path, version: client.versions.get(path) ?? 0 },
    { kind: 'setData', path, data: value, version: -1 },
    { kind: 'create', path: `/set/${value}`, data: value, acls: openAcl, mode: 0, ttlMs: 0, stat: false },
  ]);
}

/** Access lists that all let everybody do everything, and can be told apart. */
const lists: readonly (readonly Acl[])[] = ['127.0.0.1', '10.0.0.0/8', '192.0.2.7'].map((id) => [
  ...openAcl,
  { perms: 1, scheme: 'ip', id },
]);

export async function changeAccess(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const { stat } = await tree.getACL(path);
  const version = client.random.int(0, 1) === 0 ? -1 : (stat?.aversion ?? 0);
  await tree.setACL(path, client.random.pick(lists), version);
}

export function readAccess(client: Client, tree: OwnTree): Promise<unknown> {
  return tree.getACL(anyRegister(client));
}
