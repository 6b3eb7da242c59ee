import { createModes } from '../../client/requests.ts';
import type { OwnTree } from '../own-tree.ts';
import { anyRegister, type Client, ownEphemerals } from './client.ts';

export function addToSet(client: Client, tree: OwnTree): Promise<unknown> {
  const value = client.unique();
  return tree.create(`/set/${value}`, value);
}

export function appendToSequence(client: Client, tree: OwnTree): Promise<unknown> {
  return tree.create('/sequence/n-', client.unique(), { mode: createModes.persistentSequential });
}

export async function createEphemeral(client: Client, tree: OwnTree): Promise<void> {
  const value = client.unique();
  const path = `/ephemerals/${value}`;
  const { outcome } = await tree.create(path, value, { mode: createModes.ephemeral });
  if (outcome === 'ok') ownEphemerals(client, tree).push(path);
}

export async function lookAtEphemeral(client: Client, tree: OwnTree): Promise<void> {
  const paths = ownEphemerals(client, tree);
  const path = paths.length > 0 ? client.random.pick(paths) : '/ephemerals/none';
  await tree.exists(path);
}

export async function deleteEphemeral(client: Client, tree: OwnTree): Promise<void> {
  const path = ownEphemerals(client, tree).shift();
  if (path !== undefined) await tree.delete(path);
  else await tree.exists('/ephemerals');
}

/** Nodes that come and go, created and deleted by everybody: both may be refused. */
const flags = 4;
export const anyFlag = ({ random }: Client) => `/flags/f${random.int(1, flags)}`;

export function toggleFlag(client: Client, tree: OwnTree): Promise<unknown> {
  const path = anyFlag(client);
  return client.random.int(0, 1) === 0 ? tree.create(path, client.unique()) : tree.delete(path);
}

/** Requests that must be refused, each for a reason that the state of the tree explains. */
const refused: readonly ((client: Client, tree: OwnTree) => Promise<unknown>)[] = [
  (_, tree) => tree.delete('/registers'),
  (client, tree) => tree.create(anyRegister(client), 'again'),
  (client, tree) => tree.setData('/none', client.unique()),
  (client, tree) => tree.create('/none/below', client.unique()),
  (client, tree) => {
    const [path] = ownEphemerals(client, tree);
    return path === undefined ? tree.exists('/ephemerals') : tree.create(`${path}/below`, client.unique());
  },
  (client, tree) => tree.delete(anyRegister(client), 1_000_000),
];

export function askInVain(client: Client, tree: OwnTree): Promise<unknown> {
  return client.random.pick(refused)(client, tree);
}
