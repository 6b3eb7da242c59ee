import * as z from 'zod';
import type { Random } from '../base/random.ts';
import { openAcl } from '../client/acl.ts';
import { createModes } from '../client/requests.ts';
import type { OwnTree } from './own-tree.ts';
import { defineWorkload, type Turn } from './workload.ts';

const params = z.strictObject({
  clients: z.int().min(1).max(500).default(9),
  turnsPerSecond: z.int().min(1).max(10_000).default(80).describe('per client'),
  registers: z.int().min(1).max(1000).default(8),
  sessionTimeoutMs: z.int().min(100).default(4000),
  deadlineMs: z.int().min(100).default(3000).describe('after which the outcome of an operation is unknown'),
});
type Params = z.output<typeof params>;

const registerAt = (index: number) => `/registers/r${index}`;

/** A client's memory: what it may use in its next turns. */
interface Client {
  random: Random;
  params: Params;
  /** A value nobody else ever writes: reads then tell which write they saw. */
  unique(): string;
  /** Version of each register at this client's last read or write of it. */
  versions: Map<string, number>;
  /** Ephemerals of its present session that it has not deleted. */
  ephemerals: { owner: number; paths: string[] };
}

type Move = (client: Client, tree: OwnTree) => Promise<unknown>;

/** What a client does, and how often in a hundred turns. */
const moves: readonly { share: number; move: Move }[] = [
  { share: 28, move: readRegister },
  { share: 18, move: writeRegister },
  { share: 14, move: writeIfUnchanged },
  { share: 10, move: addToSet },
  { share: 6, move: appendToSequence },
  { share: 6, move: createEphemeral },
  { share: 4, move: lookAtEphemeral },
  { share: 4, move: deleteEphemeral },
  { share: 5, move: changeTogether },
  { share: 5, move: burst },
];

/** A bit of everything that ZooKeeper promises something about. */
export const mixed = defineWorkload<Params>({
  name: 'mixed',
  about:
    'registers (plain and conditional writes, reads), a set, sequential nodes, ephemerals, multi, pipelined bursts',
  params,
  rules: ['ephemerals', 'sequence-numbers'],
  clients: ({ clients, turnsPerSecond, sessionTimeoutMs, deadlineMs }) => ({
    count: clients,
    turnsPerSecond,
    sessionTimeoutMs,
    deadlineMs,
  }),

  async setUp(tree, { registers }) {
    const paths = ['/', '/registers', '/set', '/sequence', '/ephemerals'];
    for (const path of paths) await made(tree, path);
    for (let i = 0; i < registers; i++) await made(tree, registerAt(i));
  },

  client(index, random, params): Turn {
    let count = 0;
    const client: Client = {
      random,
      params,
      unique: () => `c${index}-${++count}`,
      versions: new Map(),
      ephemerals: { owner: -1, paths: [] },
    };
    const total = moves.reduce((sum, { share }) => sum + share, 0);
    return async (tree) => {
      await drawn(random.int(1, total))(client, tree);
    };
  },
});

/** The move a number from 1 to the sum of all shares falls to. */
function drawn(draw: number): Move {
  let passed = 0;
  for (const { share, move } of moves) {
    passed += share;
    if (draw <= passed) return move;
  }
  throw new Error(`${draw} is beyond the sum of all shares`);
}

/** Setting up is part of the history like everything else; only its failure ends the scenario. */
async function made(tree: OwnTree, path: string): Promise<void> {
  const { outcome, error } = await tree.create(path, 'made');
  if (outcome !== 'ok') throw new Error(`creating ${path} ended as ${outcome} (error ${error})`);
}

function anyRegister({ random, params }: Client): string {
  return registerAt(random.int(0, params.registers - 1));
}

async function readRegister(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const { stat } = await tree.getData(path);
  if (stat) client.versions.set(path, stat.version);
}

async function writeRegister(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const { stat } = await tree.setData(path, client.unique());
  if (stat) client.versions.set(path, stat.version);
}

/** Fails when somebody else was quicker, which is an observation too. */
async function writeIfUnchanged(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  const { stat, outcome } = await tree.setData(path, client.unique(), client.versions.get(path) ?? 0);
  if (stat) client.versions.set(path, stat.version);
  if (outcome === 'fail') client.versions.delete(path);
}

function addToSet(client: Client, tree: OwnTree): Promise<unknown> {
  const value = client.unique();
  return tree.create(`/set/${value}`, value);
}

function appendToSequence(client: Client, tree: OwnTree): Promise<unknown> {
  return tree.create('/sequence/n-', client.unique(), { mode: createModes.persistentSequential });
}

async function createEphemeral(client: Client, tree: OwnTree): Promise<void> {
  const value = client.unique();
  const path = `/ephemerals/${value}`;
  const { outcome } = await tree.create(path, value, { mode: createModes.ephemeral });
  if (outcome === 'ok') ownEphemerals(client, tree).push(path);
}

async function lookAtEphemeral(client: Client, tree: OwnTree): Promise<void> {
  const paths = ownEphemerals(client, tree);
  const path = paths.length > 0 ? client.random.pick(paths) : '/ephemerals/none';
  await tree.exists(path);
}

async function deleteEphemeral(client: Client, tree: OwnTree): Promise<void> {
  const path = ownEphemerals(client, tree).shift();
  if (path !== undefined) await tree.delete(path);
  else await tree.exists('/ephemerals');
}

/** They end with their session: a new one starts with none. */
function ownEphemerals({ ephemerals }: Client, { session }: OwnTree): string[] {
  if (ephemerals.owner !== session) {
    ephemerals.owner = session;
    ephemerals.paths = [];
  }
  return ephemerals.paths;
}

/** Two changes at one zxid, on the condition that a third node exists at a version: all or nothing. */
function changeTogether(client: Client, tree: OwnTree): Promise<unknown> {
  const path = anyRegister(client);
  const value = client.unique();
  return tree.multi([
    { kind: 'check', path, version: client.versions.get(path) ?? 0 },
    { kind: 'setData', path, data: value, version: -1 },
    {
      kind: 'create',
      path: `/set/${value}`,
      data: value,
      acls: openAcl,
      mode: 0,
      ttlMs: 0,
      stat: false,
    },
  ]);
}

/** Several updates on the way at once: ZooKeeper applies them in the order sent. */
async function burst(client: Client, tree: OwnTree): Promise<void> {
  const path = anyRegister(client);
  await Promise.all(Array.from({ length: 4 }, () => tree.setData(path, client.unique())));
  client.versions.delete(path);
}
