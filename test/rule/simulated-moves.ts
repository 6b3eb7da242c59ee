import type { Random } from '../../harness/base/random.ts';
import { anyVersion, flagBits, type Op, type OpKind } from '../../harness/history/op.ts';
import { lockTree, numberOf } from '../../harness/workload/lock-tree.ts';
import type { Part, Request } from './znode-tree.ts';

export const root = '/gauntlet';
const registers = 4;
export const lock = `${root}${lockTree.locks}/l0`;
export const guarded = `${root}${lockTree.guarded}/l0`;
/** What is there before the clients begin. */
export const firstNodes = [
  root,
  ...['registers', 'set', 'sequence', 'ephemerals', 'flags', 'locks', 'guarded'].map(
    (name) => `${root}/${name}`,
  ),
  lock,
  guarded,
  ...Array.from({ length: registers }, (_, i) => `${root}/registers/r${i}`),
];

/** What a simulated client may use in its next move. */
export interface Memory {
  random: Random;
  /** A value nobody else ever writes. */
  unique(): string;
  versions: ReadonlyMap<string, number>;
  aversions: ReadonlyMap<string, number>;
  /** Ephemerals of the session, and of all sessions. */
  own: readonly string[];
  all: readonly string[];
  /** Its place in the lock's queue, while it has one; and whether it was the first in a list. */
  place: { node: string; first: boolean; wrote: boolean } | undefined;
}

/** One operation: what is recorded of the request, and what is sent to the leader when it is an update. */
export interface Asked {
  kind: OpKind;
  path: string;
  fill?: Partial<Op>;
  request?: Request;
}

type Move = (memory: Memory) => Asked;

const read = (kind: OpKind, path: string, watch = false): Asked => ({
  kind,
  path,
  ...(watch && { fill: { flags: flagBits.watch } }),
});
const set = (path: string, value: string, version = anyVersion): Asked => ({
  kind: 'setData',
  path,
  fill: { value, version },
  request: { kind: 'setData', path, value, version },
});
export const create = (path: string, value: string, mode = 0): Asked => ({
  kind: 'create',
  path,
  fill: { value, flags: mode },
  request: { kind: 'create', path, value, mode },
});
const remove = (path: string, version = anyVersion): Asked => ({
  kind: 'delete',
  path,
  fill: { version },
  request: { kind: 'delete', path, version },
});
const multi = (parts: Part[]): Asked => ({
  kind: 'multi',
  path: '',
  fill: { value: JSON.stringify(parts) },
  request: { kind: 'multi', parts },
});

const register = ({ random }: Memory) => `${root}/registers/r${random.int(0, registers - 1)}`;
const flag = ({ random }: Memory) => `${root}/flags/f${random.int(0, 2)}`;
const folder = ({ random }: Memory) =>
  `${root}/${random.pick(['set', 'sequence', 'ephemerals', 'registers', 'flags'])}`;
/** One of its own or of another client's, so that somebody else deletes and looks too. */
function ephemeral({ random, own, all }: Memory): string {
  const from = random.int(1, 3) > 1 ? own : all;
  return from.length > 0 ? random.pick(from) : `${root}/ephemerals/none`;
}
const versionOf = ({ versions }: Memory, path: string) => versions.get(path) ?? 0;

/** Multis that succeed or fail in every way there is. */
const multis: readonly Move[] = [
  (memory) => {
    const path = register(memory);
    const value = memory.unique();
    return multi([
      { kind: 'check', path, version: versionOf(memory, path) },
      { kind: 'setData', path, value, version: anyVersion },
      { kind: 'create', path: `${root}/set/${value}`, value, mode: 0 },
    ]);
  },
  (memory) => {
    const path = register(memory);
    const [one, other] = [memory.unique(), memory.unique()];
    const version = memory.random.pick([anyVersion, versionOf(memory, path) + 1]);
    return multi([
      { kind: 'setData', path, value: one, version: anyVersion },
      { kind: 'setData', path, value: other, version },
    ]);
  },
  (memory) => {
    const value = memory.unique();
    const path = `${root}/set/${value}`;
    return multi([
      { kind: 'create', path, value, mode: 0 },
      { kind: 'setData', path, value: `${value} again`, version: 0 },
    ]);
  },
  (memory) => {
    const path = flag(memory);
    return multi([
      { kind: 'delete', path, version: anyVersion },
      { kind: 'create', path, value: memory.unique(), mode: 0 },
    ]);
  },
  (memory) =>
    multi([
      { kind: 'create', path: `${root}/sequence/n-`, value: memory.unique(), mode: 2 },
      { kind: 'create', path: `${root}/sequence/n-`, value: memory.unique(), mode: 2 },
      { kind: 'delete', path: flag(memory), version: anyVersion },
    ]),
];

/** Requests the servers must refuse. */
const refused: readonly Move[] = [
  () => remove(`${root}/registers`),
  (memory) => create(register(memory), 'again'),
  (memory) => set(`${root}/none`, memory.unique()),
  (memory) => create(`${root}/none/below`, memory.unique()),
  (memory) => create(`${ephemeral(memory)}/below`, memory.unique()),
  (memory) => remove(register(memory), 1_000_000),
];

/** The lock recipe, one request at a time. */
function queueForLock(memory: Memory): Asked {
  const { place } = memory;
  if (!place) return create(`${lock}/t-`, memory.unique(), 3);
  if (!place.first)
    return memory.random.int(1, 3) > 1 ? read('getChildren', lock) : read('exists', place.node, true);
  if (!place.wrote) return set(guarded, `${numberOf(place.node)} ${memory.unique()}`);
  return remove(place.node);
}

function access(memory: Memory): Asked {
  const path = register(memory);
  if (memory.random.int(1, 2) === 1) return read('getACL', path);
  const acls = JSON.stringify([
    { perms: 31, scheme: 'world', id: 'anyone' },
    { perms: 1, scheme: 'ip', id: memory.unique() },
  ]);
  const version = memory.random.pick([anyVersion, memory.aversions.get(path) ?? 0]);
  return {
    kind: 'setACL',
    path,
    fill: { value: acls, version },
    request: { kind: 'setACL', path, acls, version },
  };
}

/** How often in a hundred times a client does what. */
const moves: readonly { share: number; move: Move }[] = [
  { share: 17, move: (memory) => read('getData', register(memory)) },
  { share: 3, move: (memory) => read('exists', register(memory)) },
  { share: 3, move: (memory) => read('getChildren', folder(memory)) },
  { share: 3, move: () => read('sync', root) },
  { share: 15, move: (memory) => set(register(memory), memory.unique()) },
  {
    share: 10,
    move: (memory) => {
      const path = register(memory);
      return set(path, memory.unique(), versionOf(memory, path));
    },
  },
  {
    share: 5,
    move: ({ unique }) => {
      const value = unique();
      return create(`${root}/set/${value}`, value);
    },
  },
  { share: 5, move: ({ unique }) => create(`${root}/sequence/n-`, unique(), 2) },
  {
    share: 5,
    move: ({ unique }) => {
      const value = unique();
      return create(`${root}/ephemerals/${value}`, value, 1);
    },
  },
  { share: 3, move: (memory) => read('exists', ephemeral(memory)) },
  { share: 4, move: (memory) => remove(ephemeral(memory)) },
  { share: 5, move: (memory) => memory.random.pick(multis)(memory) },
  { share: 2, move: (memory) => memory.random.pick(refused)(memory) },
  { share: 2, move: access },
  { share: 2, move: (memory) => create(flag(memory), memory.unique()) },
  { share: 2, move: (memory) => remove(flag(memory)) },
  { share: 3, move: (memory) => read('getData', register(memory), true) },
  { share: 2, move: (memory) => read('exists', flag(memory), true) },
  { share: 2, move: (memory) => read('getChildren', folder(memory), true) },
  { share: 6, move: queueForLock },
  {
    share: 1,
    move: ({ random }) => ({
      kind: 'addWatch',
      path: random.pick([`${root}/sequence`, `${root}/set`]),
      fill: { value: random.pick(['persistent', 'persistentRecursive']) },
    }),
  },
];

export function nextMove(memory: Memory): Asked {
  let draw = memory.random.int(
    1,
    moves.reduce((sum, { share }) => sum + share, 0),
  );
  for (const { share, move } of moves) {
    draw -= share;
    if (draw <= 0) return move(memory);
  }
  throw new Error('a draw beyond the sum of all shares');
}
