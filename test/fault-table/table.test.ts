import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultNamed, faults } from '../../harness/fault/catalogue.ts';
import { differences, inWords } from '../../harness/fault-table/compare.ts';
import { expectedTable, legend, triedTable } from '../../harness/fault-table/print.ts';
import {
  cellsOf,
  expectedOf,
  letters,
  links,
  nameOf,
  type Pictures,
  phases,
} from '../../harness/fault-table/row.ts';
import { faultTable } from '../../harness/fault-table/table.ts';
import { isFine, type Tried } from '../../harness/fault-table/try-faults.ts';
import { portClasses } from '../../harness/topology/topology.ts';

/** What the one does is for the user to say, and of the other, for what its victim writes. */
const unknowable = ['command', 'full-disk'];

test('every fault of the catalogue has a row that says what it does to connections', () => {
  const rows = new Set(faultTable.map(({ fault }) => fault));
  const missing = faults
    .map(({ name }) => name)
    .filter((name) => !rows.has(name) && !unknowable.includes(name));
  expect(missing, 'add rows to harness/fault-table/table.ts').toEqual([]);
});

test('links are lost in every direction, of all ports and of each port class', () => {
  const has = (ports: string | undefined, direction: string | undefined) =>
    faultTable.some(
      ({ fault, params, on }) =>
        on === 'echo' &&
        fault === 'isolate' &&
        params.clients === undefined &&
        String(params.ports) === String(ports) &&
        params.direction === direction,
    );
  for (const ports of [undefined, ...portClasses])
    for (const direction of [undefined, 'from', 'to'])
      expect([ports, direction, has(ports, direction)]).toEqual([ports, direction, true]);
});

test('every row has its own name, parameters its fault takes, and letters that mean something', () => {
  expect(new Set(faultTable.map((row) => `${row.on} ${nameOf(row)}`)).size).toBe(faultTable.length);
  for (const row of faultTable) {
    faultNamed(row.fault).params.parse(row.params);
    for (const phase of phases) {
      for (const kind of ['fresh', 'kept'] as const) {
        const cells = cellsOf(expectedOf(row)[phase][kind]);
        expect(cells).toHaveLength(links.length * portClasses.length);
        for (const { letter } of cells) expect(Object.keys(letters[kind])).toContain(letter);
      }
    }
  }
});

test('docs/faults.md prints the table as it is', () => {
  const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`\n${legend}\n\n${expectedTable(faultTable)}\n\`\`\``);
});

const row = faultTable.find((each) => nameOf(each) === 'isolate ports=quorum direction=from')!;
const seenWith = (change: (pictures: Pictures) => void): Tried => {
  const seen = structuredClone(expectedOf(row));
  change(seen);
  return { row, played: { kind: 'seen', seen } };
};
const seenIn = ({ played }: Tried) =>
  played.kind === 'seen' ? differences(expectedOf(row), played.seen) : [];

test('what was seen as expected makes no difference', () => {
  const tried = seenWith(() => undefined);
  expect(isFine(tried)).toBe(true);
  expect(seenIn(tried)).toEqual([]);
});

test('a connection in another state is named: fault, phase, from, to, port, expected and seen', () => {
  const tried = seenWith((seen) => {
    seen.during.fresh['1>2'] = 'ooo';
    seen.during.kept['2>1'] = 'o-o';
    seen.after.kept['3>1'] = 'oxo';
  });
  expect(isFine(tried)).toBe(false);
  const words = [
    'zk1 to zk2, quorum port, during the fault, a new connection: expected that it hangs, saw that it opens',
    'zk2 to zk1, quorum port, during the fault, a kept connection: expected that it is heard, but its answers are lost, saw that it is silent',
    'zk3 to zk1, quorum port, after it, a kept connection: expected that it answers, saw that it is closed',
  ];
  expect(seenIn(tried).map(inWords)).toEqual(words);
  const text = triedTable([tried]);
  expect(text).toMatch(/^no {2}isolate ports=quorum direction=from +fresh o-o /m);
  expect(text).toMatch(/^ +seen +fresh ooo o-o /m);
  for (const line of words) expect(text).toContain(line);
});

test('a server on its way back may refuse or accept, but not hang', () => {
  const restart = faultTable.find(({ fault }) => fault === 'restart')!;
  const expected = expectedOf(restart);
  const with_ = (letters: string) => {
    const seen = structuredClone(expected);
    for (const link of ['2>1', '3>1', 'c>1'] as const) seen.during.fresh[link] = letters;
    return differences(expected, seen);
  };
  expect(with_('xxx')).toEqual([]);
  expect(with_('oxo')).toEqual([]);
  expect(with_('-xx')).toHaveLength(3);
});

test('a fault that missed is not fine; one that the machine cannot do is, and says how it could', () => {
  const missed: Tried = { row, played: { kind: 'failed', reason: 'zk1 to zk2:2888 still answers' } };
  const cannot: Tried = { row, played: { kind: 'unsupported', reason: 'nft is missing; install nftables' } };
  expect([isFine(missed), isFine(cannot)]).toEqual([false, true]);
  const text = triedTable([missed, cannot]);
  expect(text).toContain('no  isolate ports=quorum direction=from: failed: zk1 to zk2:2888 still answers');
  expect(text).toContain(
    '--  isolate ports=quorum direction=from: unsupported: nft is missing; install nftables',
  );
});
