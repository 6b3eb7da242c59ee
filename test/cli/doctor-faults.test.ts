import { expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { faultsAreFine, faultsJson, faultsText, tryFaultsHere } from '../../harness/cli/doctor-faults.ts';
import type { Played } from '../../harness/fault-table/play.ts';
import { expectedOf } from '../../harness/fault-table/row.ts';
import { faultTable } from '../../harness/fault-table/table.ts';

const [row] = faultTable;
const tried = (played: Played) => ({ row: row!, played });
const seen = expectedOf(row!);
const good = tried({ kind: 'seen', seen });
const bad = tried({ kind: 'seen', seen: { ...seen, during: seen.before } });
const cannot = tried({ kind: 'unsupported', reason: 'nft does not work here; install the package nftables' });
const on = (backend: string, ...rows: (typeof good)[]) => ({ backend, tried: rows, logs: undefined });
const without = (backend: string) => ({ backend, unsupported: 'no namespaces; run as root' });

test('all is fine when something was seen and nothing was different', () => {
  expect(faultsAreFine([on('sandbox', good, cannot), without('docker')])).toBe(true);
  expect(faultsAreFine([on('sandbox', good), on('docker', good, bad)])).toBe(false);
  expect(faultsAreFine([on('sandbox', cannot), without('docker')])).toBe(false);
  expect(faultsAreFine([without('sandbox'), without('docker')])).toBe(false);
});

test('the text counts what was as expected, what was not and what this machine cannot do', () => {
  const text = faultsText([on('sandbox', good, bad, cannot), without('docker')]);
  expect(text).toMatch(
    /^faults on sandbox, .*: 1 of 3 as expected, 1 NOT, see the lines with "no", 1 unsupported$/m,
  );
  expect(text).toMatch(/^-- {2}isolate: unsupported: .*install the package nftables$/m);
  expect(text).toMatch(/^faults on docker: unsupported: no namespaces; run as root$/m);
});

test('JSON has every row with what was expected and seen, and each difference in words', () => {
  const [sandbox, docker] = faultsJson([on('sandbox', good, bad), without('docker')]);
  expect(docker).toEqual(without('docker'));
  expect(sandbox).toMatchObject({
    backend: 'sandbox',
    rows: [
      { name: 'isolate', fine: true, expected: seen, seen, differences: [] },
      {
        fine: false,
        seen: { during: seen.before },
        differences: expect.arrayContaining([expect.stringMatching(/^zk1 to zk2, client port/)]),
      },
    ],
  });
});

test('a backend this machine does not have is unsupported, with the remedy', async () => {
  const all = await tryFaultsHere(
    () => undefined,
    async ({ backend }) => {
      throw new Trouble(`backend ${backend}`, 'is not here', 'get one');
    },
  );
  expect(all).toEqual([
    { backend: 'sandbox', unsupported: 'backend sandbox: is not here; get one' },
    { backend: 'docker', unsupported: 'backend docker: is not here; get one' },
  ]);
});
