import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockSince, takeOrigin } from '../../harness/base/clock.ts';
import { openAcl } from '../../harness/client/acl.ts';
import { RecordedSession } from '../../harness/client/recorded-session.ts';
import { createModes } from '../../harness/client/requests.ts';
import type { Op } from '../../harness/history/op.ts';
import { workloads } from '../../harness/workload/catalogue.ts';
import { OwnTree, pathIn } from '../../harness/workload/own-tree.ts';
import { readTree } from '../../harness/workload/read-tree.ts';
import { startFakeServer, writeStat } from '../support/fake-server.ts';

const root = '/somebody/gauntlet-x/1-attach';

test('no name at all leads out of the tree', () => {
  const part = fc.constantFrom('a', '..', '.', '', '...', 'b c', '\u0000', '…');
  const name = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
  );
  fc.assert(
    fc.property(name, (each) => {
      let path: string;
      try {
        path = pathIn(root, each);
      } catch {
        return;
      }
      expect(path === root || path.startsWith(`${root}/`)).toBe(true);
      expect(path.split('/').filter((word) => word === '..' || word === '.')).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test.each(['/../x', '/a/../../x', '/..', 'a', '', '/a/', '//a', '/./a'])(
  'the name "%s" is refused',
  (name) => {
    expect(() => pathIn(root, name)).toThrow(/no name below the root/);
  },
);

/** A tree over a server that says yes to everything, and the paths of all that was asked. */
async function treeOn(ops: Op[]) {
  const server = await startFakeServer({
    onRequest(client, { xid, opcode, body }) {
      const path = opcode === 14 ? '' : body.text();
      client.reply(xid, 7, 0, (writer) => {
        if (opcode === 1 || opcode === 9) writer.bytes(path);
        if (opcode === 12) writer.vector(path === root ? ['child'] : [], (name) => writer.bytes(name));
        if (opcode === 4) writer.bytes('value');
        if ([3, 4, 5, 12].includes(opcode)) writeStat(writer);
        if (opcode === 14) {
          writer.int(-1);
          writer.bool(true);
          writer.int(-1);
        }
      });
    },
  });
  const recorder = {
    clock: clockSince(takeOrigin()),
    sink: { append: (op: Op) => void ops.push(op) },
    phase: 'workload' as const,
  };
  const session = new RecordedSession({ name: 'c', session: 1, recorder, timeoutMs: 10_000 });
  await session.open(server.endpoint);
  return { server, session, tree: new OwnTree(session, root) };
}

test('every operation reaches the server below the root, and the history has the path as the server knows it', async () => {
  const ops: Op[] = [];
  const { server, session, tree } = await treeOn(ops);
  const created = await tree.create('/n', 'v', { mode: createModes.persistent });
  expect(created.name).toBe('/n');
  await Promise.all([tree.delete('/n'), tree.exists('/'), tree.getData('/n'), tree.setData('/n', 'w')]);
  const part = {
    kind: 'create' as const,
    data: null,
    acls: openAcl,
    mode: 0 as const,
    ttlMs: 0,
    stat: false,
  };
  await tree.multi([
    { kind: 'check', path: '/n', version: 0 },
    { ...part, path: '/m' },
  ]);
  await readTree(tree);
  session.destroySocket();
  await server[Symbol.asyncDispose]();

  const paths = ops
    .filter(({ kind }) => kind !== 'connect')
    .flatMap(({ kind, path, value }) =>
      kind === 'multi' ? (JSON.parse(value!) as { path: string }[]).map((each) => each.path) : path,
    );
  expect(paths).toContain(`${root}/child`);
  for (const path of paths) expect(path === root || path.startsWith(`${root}/`), path).toBe(true);
});

/** What carries clients to servers, and hands a workload nothing but its tree. */
const carriers = ['client.ts', 'close-on.ts', 'crowd.ts', 'own-tree.ts', 'read-tree.ts', 'script.ts'];

test('workloads have no other way to a server', () => {
  const folder = new URL('../../harness/workload/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  for (const { name } of workloads) {
    expect(
      files.some((file) => file === `${name}.ts` || file.endsWith(`/${name}.ts`)),
      name,
    ).toBe(true);
  }
  for (const file of files.filter((each) => !carriers.includes(each))) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    expect(text, file).not.toMatch(/recorded-session|client\/session|connection\.ts|node:net/);
  }
});
