import * as z from 'zod';
import { type Acl, creatorAcl, openAcl } from '../client/acl.ts';
import { type CreateMode, createModes, type MultiPart } from '../client/requests.ts';
import { makeNodes } from './make-nodes.ts';
import type { OwnTree } from './own-tree.ts';
import { defineWorkload } from './workload.ts';

type Call = (tree: OwnTree) => Promise<{ outcome: string }>;

/** Nobody has these credentials. */
const lockedAcl: readonly Acl[] = [
  { perms: 31, scheme: 'digest', id: 'nobody:AAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
];
const unknownScheme: readonly Acl[] = [{ perms: 31, scheme: 'none-such', id: 'x' }];

const make = (path: string, mode: CreateMode): MultiPart => {
  return { kind: 'create', path, data: 'm', acls: openAcl, mode, ttlMs: 0, stat: false };
};

/**
 * Every operation, and every way in which the state of the tree, an argument or an access list refuses it. What releases
 * may differ in lies below nodes of its own, so that one difference does not make others.
 */
const script: readonly Call[] = [
  (tree) => tree.create('/a', 'one'),
  (tree) => tree.create('/a', 'again'),
  (tree) => tree.create('/none/below', ''),
  (tree) => tree.create('/a/b', 'two'),
  (tree) => tree.create('/new/with-stat', 'two', { stat: true }),
  (tree) => tree.create('/empty', null),
  (tree) => tree.create('/bytes', new Uint8Array([0xff, 0, 0x80])),
  (tree) => tree.create('/odd/bad\u0000name', ''),
  (tree) => tree.create('/odd/\ufff5', ''),
  (tree) => tree.create('/odd/no-acl', '', { acls: [] }),
  (tree) => tree.create('/odd/strange-acl', '', { acls: unknownScheme }),
  (tree) => tree.create('/odd/creator-acl', '', { acls: creatorAcl }),
  (tree) => tree.create('/odd/bad-ip', '', { acls: [{ perms: 31, scheme: 'ip', id: '300.1.2.3' }] }),
  (tree) => tree.create('/ephemeral', 'e', { mode: createModes.ephemeral }),
  (tree) => tree.create('/ephemeral/below', ''),
  (tree) => tree.create('/number-', '', { mode: createModes.persistentSequential }),
  (tree) => tree.create('/number-', '', { mode: createModes.ephemeralSequential }),
  (tree) => tree.create('/new/container', '', { mode: createModes.container }),
  (tree) => tree.create('/new/mortal', '', { mode: createModes.persistentTtl, ttlMs: 600_000 }),
  (tree) => tree.exists('/a'),
  (tree) => tree.exists('/none'),
  (tree) => tree.exists('/none', true),
  (tree) => tree.getData('/a'),
  (tree) => tree.getData('/a', true),
  (tree) => tree.getData('/empty'),
  (tree) => tree.getData('/bytes'),
  (tree) => tree.getData('/none'),
  (tree) => tree.setData('/a', 'three', 0),
  (tree) => tree.setData('/a', 'four', 0),
  (tree) => tree.setData('/a', 'five'),
  (tree) => tree.setData('/a', null),
  (tree) => tree.setData('/none', ''),
  (tree) => tree.getChildren('/'),
  (tree) => tree.getChildren('/a', true),
  (tree) => tree.getChildren('/none'),
  (tree) => tree.getChildren('/ephemeral'),
  (tree) => tree.getACL('/a'),
  (tree) => tree.getACL('/none'),
  (tree) => tree.setACL('/a', [...openAcl, { perms: 1, scheme: 'ip', id: '10.0.0.7' }], 0),
  (tree) => tree.setACL('/a', openAcl, 0),
  (tree) => tree.setACL('/odd', [...openAcl, { perms: 1, scheme: 'ip', id: '10.0.0.0/8' }]),
  (tree) => tree.setACL('/a', unknownScheme),
  (tree) => tree.setACL('/a', []),
  (tree) => tree.setACL('/none', openAcl),
  (tree) => tree.create('/locked', 'secret', { acls: lockedAcl }),
  (tree) => tree.exists('/locked'),
  (tree) => tree.getData('/locked'),
  (tree) => tree.setData('/locked', ''),
  (tree) => tree.getChildren('/locked'),
  (tree) => tree.getACL('/locked'),
  (tree) => tree.setACL('/locked', openAcl),
  (tree) => tree.create('/locked/below', ''),
  (tree) => tree.multi([{ kind: 'check', path: '/locked', version: 0 }]),
  (tree) => tree.delete('/locked'),
  (tree) => tree.sync('/a'),
  (tree) => tree.sync('/none'),
  (tree) => tree.delete('/a'),
  (tree) => tree.delete('/a/b', 7),
  (tree) => tree.delete('/none'),
  (tree) => tree.delete('/a/b'),
  (tree) => tree.multi([]),
  (tree) => tree.multi([make('/m', createModes.persistent)]),
  (tree) =>
    tree.multi([
      make('/m/n', createModes.persistent),
      { kind: 'setData', path: '/m/n', data: 'n', version: 0 },
      { kind: 'check', path: '/m/n', version: 1 },
    ]),
  (tree) => tree.multi([make('/x', createModes.persistent), { kind: 'check', path: '/m', version: 0 }]),
  (tree) => tree.multi([{ kind: 'delete', path: '/m', version: -1 }, make('/y', createModes.persistent)]),
  (tree) => tree.multi([make('/m', createModes.persistent), { kind: 'delete', path: '/none', version: -1 }]),
  (tree) => tree.multi([{ kind: 'setData', path: '/none', data: '', version: -1 }]),
  (tree) => tree.multi([make('/ephemeral/below', createModes.persistent)]),
  (tree) => tree.multi([{ kind: 'delete', path: '/empty', version: 0 }]),
  (tree) => tree.addWatch('/a', 'persistent'),
  (tree) => tree.addWatch('/none', 'persistentRecursive'),
  (tree) => tree.removeWatches('/a', 'data'),
  (tree) => tree.removeWatches('/never-watched', 'any'),
  (tree) => tree.delete('/ephemeral'),
  (tree) => tree.getChildren('/'),
];

/** Where the client writes once it is through, so that a step can wait for that. */
export const heartbeat = '/through';

/**
 * Once through everything a client can ask for, one call after the other and always the same, so that two releases can be
 * compared answer by answer.
 */
export const everyOperation = defineWorkload<Record<string, never>>({
  name: 'every-operation',
  about:
    'one client asks once for every operation and for every way to be refused one, then only writes a node',
  params: z.strictObject({}),
  rules: [],
  clients: () => ({ count: 1, turnsPerSecond: 100, sessionTimeoutMs: 10_000, deadlineMs: 8000 }),
  setUp: (tree) => makeNodes(tree, ['/', '/new', '/odd', heartbeat], 'made'),
  client: () => {
    let next = 0;
    return async (tree) => {
      const call = script[next] ?? ((tree: OwnTree) => tree.setData(heartbeat, ''));
      // A server that does not know a request closes the connection behind it: what was not sent is asked again.
      if ((await call(tree)).outcome !== 'notSent') next += 1;
    };
  },
});
