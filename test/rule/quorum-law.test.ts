import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { quorumLaw } from '../../harness/rule/quorum-law.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { beginning, evidenceFor, lost, read, register, wrote } from './hand.ts';
import { between, fault, second } from './hand-faults.ts';

const topology = resolveTopology({ voters: 5 } as never, '3.9.5');
const partition = fault('partition', [1, 2], { cuts: between([1, 2], [3, 4, 5]) });

function judge(journal: JournalEntry[], from: number, to: number, op: Op = wrote(3, 1, 'b')) {
  const evidence = evidenceFor([...beginning(), op]);
  const { history } = evidence;
  history.invokedNs[2] = from * second;
  history.returnedNs[2] = to * second;
  return quorumLaw.judge({ ...evidence, topology, journal });
}
const titles = (...given: Parameters<typeof judge>) => judge(...given).findings.map(({ title }) => title);
const cutOff = [`zk1 acknowledged a write of ${register} while cut off from the quorum`];

test('a write that begins and ends on the side without a quorum is a breach', () => {
  const { findings, seen, relevant } = judge(partition, 11, 19);
  expect(findings.map(({ title }) => title)).toEqual(cutOff);
  expect(findings[0]!.words).toContain('From 10.000 s to 20.000 s zk1 could reach no leader with a quorum');
  expect(relevant).toBe(3);
  expect(seen).toBe(
    '3 acknowledged writes against 0 stretches without any quorum and 1 stretch with a server cut off from it; 1 began and ended in one; 1 breach',
  );
});

test('a write on the other side, or one that touches the time before or after, is none', () => {
  expect(titles(partition, 11, 19, wrote(3, 1, 'b', { server: 3 }))).toEqual([]);
  expect(titles(partition, 9, 19)).toEqual([]);
  expect(titles(partition, 11, 21)).toEqual([]);
  expect(titles(partition, 5, 25)).toEqual([]);
  expect(titles(partition, 10, 19.9)).toEqual(cutOff);
  expect(titles(partition, 11, 20)).toEqual([]);
});

test('reads and writes without an answer are none', () => {
  expect(titles(partition, 11, 19, read(3, 2, 0, 'a'))).toEqual([]);
  expect(titles(partition, 11, 19, lost('setData', register, { value: 'b' }))).toEqual([]);
});

test('a write that could have been committed between two faults is none, and one that could not is a breach', () => {
  const later = (by: number) =>
    partition.map((entry) => ({
      ...entry,
      ...('step' in entry && { step: 1 }),
      atNs: entry.atNs + by * second,
    }));
  expect(titles([...partition, ...later(15)], 11, 30)).toEqual([]);
  expect(titles([...partition, ...later(10)], 11, 29)).toEqual(cutOff);
});

test('without any quorum the words say so', () => {
  const [finding] = judge(fault('pause', [1, 2, 3]), 11, 19, wrote(3, 1, 'b', { server: 4 })).findings;
  expect(finding!.title).toBe(`zk4 acknowledged a write of ${register} while no quorum existed`);
  expect(finding!.words).toContain('From 10.000 s to 20.000 s no set of voters');
});
