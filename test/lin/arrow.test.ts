import { expect, test } from 'vitest';
import { type Op, type Zxid, zxidOf } from '../../harness/history/op.ts';
import { HistoryWriter } from '../../harness/history/writer.ts';
import { checkHistory } from '../../harness/lin/check.ts';
import { callWords } from '../../harness/lin/explain/words.ts';
import { register } from '../../harness/lin/models/register.ts';
import { callOf } from '../../harness/lin/partition.ts';
import { type Reading, readArrow } from '../../harness/lin/read/arrow.ts';
import { temporaryFiles } from './temporary.ts';

const files = temporaryFiles();
let written = 0;

const plain: Op = {
  session: 1,
  xid: 1,
  kind: 'getData',
  server: 1,
  phase: 'workload',
  outcome: 'ok',
  error: 0,
  invokedNs: 0,
  returnedNs: 0,
  zxid: zxidOf(1, 1),
  path: '/r',
  value: null,
  version: -1,
  flags: 0,
  stat: null,
  result: null,
};

/** Ops at their times in ms; a create of /r by session 9 comes first. */
function read(ops: (Partial<Op> & { at: [number, number] })[], reading: Reading = 'promised') {
  const path = files.pathOf(`${++written}.arrows`);
  const writer = HistoryWriter.open(path);
  const all = [
    { session: 9, kind: 'create' as const, value: 'made', at: [0, 1] as [number, number] },
    ...ops,
  ];
  for (const [index, { at, ...op }] of all.entries())
    writer.append({
      ...plain,
      xid: index,
      zxid: zxidOf(1, index + 1) as Zxid,
      ...op,
      invokedNs: at[0] * 1e6,
      returnedNs: at[1] * 1e6,
    });
  writer.close();
  return readArrow(path, reading);
}

const set = (session: number, value: string, at: [number, number], more: Partial<Op> = {}) =>
  ({ session, kind: 'setData', value, at, ...more }) as const;
const get = (session: number, value: string, at: [number, number]) => ({ session, value, at });

async function verdictOn(ops: Parameters<typeof read>[0], reading?: Reading) {
  return (await checkHistory(read(ops, reading).history, register)).verdict;
}

const staleElsewhere = [set(1, 'a', [2, 3]), set(1, 'b', [4, 5]), get(2, 'a', [6, 7])];

test('a stale read of another session is what ZooKeeper allows, and a violation when reads are taken strictly', async () => {
  expect(await verdictOn(staleElsewhere)).toBe('ok');
  expect(await verdictOn(staleElsewhere, 'strict')).toBe('violation');
});

test('a read older than what its own session had when it last wrote is a violation', async () => {
  const older = [set(1, 'a', [2, 3]), set(1, 'b', [4, 5]), set(2, 'c', [6, 7]), get(2, 'a', [8, 9])];
  expect(await verdictOn(older)).toBe('violation');
});

test('a sync bounds what is read after it when syncs are trusted', async () => {
  const synced = [...staleElsewhere];
  synced.splice(2, 0, { session: 2, kind: 'sync', at: [5.5, 5.6] } as never);
  expect(await verdictOn(synced)).toBe('ok');
  expect(await verdictOn(synced, 'synced')).toBe('violation');
});

test('a value from nowhere and a value from the future are violations however reads are taken', async () => {
  expect(await verdictOn([get(2, 'z', [6, 7])])).toBe('violation');
  expect(await verdictOn([get(2, 'a', [2, 3]), set(1, 'a', [4, 5])])).toBe('violation');
});

test('creates, deletes, multi and unknown writes are writes; refused and unsent ones are nothing', () => {
  const { history } = read([
    set(1, 'a', [2, 3], { outcome: 'unknown', error: -4 }),
    set(1, 'b', [4, 5], { outcome: 'fail', error: -103 }),
    set(1, 'c', [6, 6], { outcome: 'notSent', error: -4 }),
    { session: 1, kind: 'delete', at: [7, 8] },
    {
      session: 1,
      kind: 'multi',
      path: '',
      at: [9, 10],
      value: JSON.stringify([
        { kind: 'check', path: '/other', version: 0 },
        { kind: 'create', path: '/r', value: 'd', mode: 0 },
        { kind: 'setData', path: '/r', value: 'e', version: -1 },
      ]),
    },
    { session: 2, outcome: 'fail', error: -101, at: [11, 12] },
  ]);
  const calls = Array.from({ length: history.length }, (_, op) => callWords(callOf(history, op)));
  expect(calls).toEqual(['write "made"', 'write "a", no answer', 'write nil', 'write "e"', 'read -> nil']);
});

test('nodes that end by themselves, and nodes nobody created here, are left out and counted', () => {
  const { history, skippedPaths } = read([
    { session: 1, kind: 'create', path: '/e', flags: 1, value: 'x', at: [2, 3] },
    { session: 1, path: '/e', value: 'x', at: [4, 5] },
    { session: 1, path: '/old', value: 'y', at: [6, 7] },
  ]);
  expect(history.length).toBe(1);
  expect(skippedPaths).toBe(2);
});
