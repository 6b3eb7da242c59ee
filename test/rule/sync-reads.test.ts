import { expect, test } from 'vitest';
import type { Reign } from '../../harness/ledger/ledger.ts';
import { syncReads } from '../../harness/rule/sync-reads.ts';
import { beginning, evidenceFor, read, row, wrote } from './hand.ts';

const second = 1e9;
const sync = row('sync', '/gauntlet', 2, { session: 2 });
const ops = [...beginning(), wrote(3, 1, 'b'), sync, read(2, 2, 0, 'a', { session: 2 })];

/** Everything 60 s later than its history says, under one leader since the beginning. */
function settled() {
  const evidence = evidenceFor(ops);
  for (const column of [evidence.history.invokedNs, evidence.history.returnedNs]) {
    for (const i of column.keys()) column[i]! += 60 * second;
  }
  const reign: Reign = { epoch: 1, leader: 1, establishedNs: second, supporters: [1, 2, 3] };
  return { ...evidence, ledger: { ...evidence.ledger, reigns: [reign] }, journal: [] };
}

test('a stale read behind a sync is a documented gap where a leader may have been deposed', () => {
  const { relevant, findings } = syncReads.judge(evidenceFor(ops));
  expect(relevant).toBe(1);
  expect(findings).toMatchObject([{ severity: 'gap', ops: [2, 3, 4] }]);
  expect(findings[0]!.title).toBe(
    'a read behind a sync shows zxid 0x100000002, although 0x100000003 had been answered before the sync',
  );
});

test('under one settled leader and without a fault nothing excuses it', () => {
  expect(syncReads.judge(settled()).findings).toMatchObject([{ severity: 'violation' }]);
});

test('a second leader within the last ten seconds excuses it', () => {
  const evidence = settled();
  const { reigns } = evidence.ledger;
  reigns[0] = { ...reigns[0]!, endedNs: 55 * second };
  reigns.push({ epoch: 2, leader: 2, establishedNs: 56 * second, supporters: [2, 3] });
  expect(syncReads.judge(evidence).findings).toMatchObject([{ severity: 'gap' }]);
});

test('whoever cannot read the logs of the servers calls it a gap', () => {
  const evidence = { ...settled(), lacks: { 'server-logs': 'they belong to somebody else' } };
  expect(syncReads.judge(evidence).findings).toMatchObject([{ severity: 'gap' }]);
});

test('a sync counts on its own connection only, and a read before it does not count', () => {
  const connect = row('connect', '', 0, { session: 2, value: 'c', result: '02' });
  const old = read(2, 2, 0, 'a', { session: 2 });
  const judged = syncReads.judge(evidenceFor([...beginning(), wrote(3, 1, 'b'), old, sync, connect, old]));
  expect(judged).toMatchObject({ relevant: 0, findings: [] });
});
