import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { collect } from '../../harness/datadir/collect.ts';
import { readLog } from '../../harness/datadir/log-file.ts';
import { readSnapshot } from '../../harness/datadir/snapshot-file.ts';
import { stateFiles } from '../../harness/datadir/write-state.ts';
import { storedStateSchema } from '../../harness/topology/stored-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-state-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, state: unknown): string {
  for (const { path, bytes } of stateFiles(storedStateSchema.parse(state))) {
    const file = join(folder, name, 'data', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return join(folder, name);
}

test('what is written is read back as exactly these transactions, on an empty tree', () => {
  const state = { log: [[1, 3], [4, 2]], acceptedEpoch: 6 }; // biome-ignore format: one state
  const home = written('whole', state);
  const log = readLog(join(home, 'data/version-2/log.100000001'));
  const zxids: string[] = [];
  let next = log.next();
  for (; !next.done; next = log.next()) {
    const { transaction } = next.value;
    expect(transaction).toMatchObject({ type: 'create', path: `/stored-${transaction.zxid.toString(16)}` });
    zxids.push(transaction.zxid.toString(16));
  }
  expect(next.value.kind).toBe('whole');
  expect(zxids).toEqual(['100000001', '100000002', '100000003', '400000001', '400000002']);
  const { nodes } = readSnapshot(join(home, 'data/version-2/snapshot.0'));
  expect(nodes.map(({ path }) => path)).toEqual(['/', '/zookeeper', '/zookeeper/quota']);
  const servers = [...collect(new Map([[1, home]]))].flatMap((part) =>
    'servers' in part ? part.servers : [],
  );
  expect(servers[0]?.epochs).toMatchObject({ current: 4, accepted: 6 });
});

test('a server without transactions has no log', () => {
  const paths = stateFiles(storedStateSchema.parse({ currentEpoch: 2 })).map(({ path }) => path);
  expect(paths).toEqual(['version-2/snapshot.0', 'version-2/currentEpoch', 'version-2/acceptedEpoch']);
});
