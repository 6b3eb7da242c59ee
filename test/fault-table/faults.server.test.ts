import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseBackend } from '../../harness/cli/choose-backend.ts';
import { differences, inWords } from '../../harness/fault-table/compare.ts';
import { expectedOf, nameOf, type Row } from '../../harness/fault-table/row.ts';
import { faultTable } from '../../harness/fault-table/table.ts';
import { type Tried, tryFaults } from '../../harness/fault-table/try-faults.ts';
import { engineHere, labelled, skipWithout, version } from '../backend/docker/engine-here.ts';
import { machineLacks } from '../support/gauntlet.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function tryOn(backend: 'sandbox' | 'docker', name: string, rows: readonly Row[]): Promise<Tried[]> {
  const asked = { backend, zookeeper: version, versionsFor: () => [version], say: () => undefined };
  const { servers } = await chooseBackend(asked);
  const directory = mkdtempSync(join(folder, `${name}-`));
  return tryFaults({ servers, zookeeper: version, runId: `test-faults-${name}`, directory, rows });
}

/** A machine on which a program does not work. */
async function without<T>(program: string, act: () => Promise<T>): Promise<T> {
  const path = mkdtempSync(join(folder, 'path-'));
  writeFileSync(join(path, program), '#!/bin/sh\nexit 127\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${path}:${process.env.PATH}`);
  return act().finally(() => vi.unstubAllEnvs());
}

/** What was not as expected, in words; a row that was not played at all says why. */
function wrongIn({ row, played }: Tried): string[] {
  if (played.kind !== 'seen') return [`${played.kind}: ${played.reason}`];
  return differences(expectedOf(row), played.seen).map(inWords);
}

const named = faultTable.map((row, index) => ({ name: `${nameOf(row)} (${row.on})`, index }));
/** Two JVM starts a row of processes, two seconds of silence a row of links, on a machine that does other things too. */
const allRowsMs = 240_000;

describe.each([
  { backend: 'sandbox', missing: machineLacks },
  { backend: 'docker', missing: engineHere.missing },
] as const)('on $backend', ({ backend, missing }) => {
  describe.skipIf(missing)(`every connection is as the table says${skipWithout(missing)}`, () => {
    let tried: Tried[];
    beforeAll(async () => {
      tried = await tryOn(backend, backend, faultTable);
    }, allRowsMs);

    test.each(named)('$name', ({ index }) => {
      expect(wrongIn(tried[index]!)).toEqual([]);
    });
  });
});

test.skipIf(engineHere.missing)('on docker nothing is left behind', async () => {
  expect(await labelled('test-faults-docker')).toEqual([]);
});

/** Faults that do something else than their row promises. */
const planted: { what: string; row: Row; says: string }[] = [
  {
    what: 'a cut in the wrong direction',
    row: {
      fault: 'isolate',
      params: { direction: 'to' },
      victims: [1],
      on: 'echo',
      during: { fresh: { '1>2 1>3 2>1 3>1': '---' }, kept: { '1>2 1>3': '---', '2>1 3>1': '>>>' } },
    },
    says: 'zk1 to zk2, client port, during the fault, a kept connection: expected that it is silent, saw that it is heard, but its answers are lost',
  },
  {
    what: 'a cut that leaves out a port',
    row: {
      fault: 'isolate',
      params: { ports: ['quorum'], peers: false, clients: true },
      victims: [1],
      on: 'echo',
      during: { fresh: { 'c>1': 'o--' }, kept: { 'c>1': 'o--' } },
    },
    says: 'clients to zk1, election port, during the fault, a new connection: expected that it hangs, saw that it opens',
  },
  {
    what: 'a cut at the wrong server',
    row: {
      fault: 'isolate',
      params: { peers: false, clients: true },
      victims: [2],
      on: 'echo',
      during: { fresh: { 'c>1': '---' }, kept: { 'c>1': '---' } },
    },
    says: 'clients to zk2, quorum port, during the fault, a kept connection: expected that it answers, saw that it is silent',
  },
  {
    what: 'a process that is frozen and not killed',
    row: {
      fault: 'pause',
      params: {},
      victims: [1],
      on: 'servers',
      during: { fresh: { '2>1 3>1 c>1': 'xxx' }, kept: { '2>1 3>1 c>1': 'x..' } },
      keptAfter: { '2>1 3>1 c>1': 'x..' },
    },
    says: 'clients to zk1, client port, during the fault, a new connection: expected that it is refused, saw that it opens',
  },
];

describe.skipIf(machineLacks)(`a fault that does something else${skipWithout(machineLacks)}`, () => {
  let tried: Tried[];
  beforeAll(async () => {
    const rows = planted.map(({ row }) => row);
    tried = await tryOn('sandbox', 'planted', rows);
  }, allRowsMs);

  test.each(planted.map((each, index) => ({ ...each, index })))('is found out: $what', ({ says, index }) => {
    expect(wrongIn(tried[index]!)).toContain(says);
  });
});

describe.skipIf(machineLacks)(`on a sandbox without nft${skipWithout(machineLacks)}`, () => {
  const links = faultTable.filter(({ on }) => on === 'echo');
  let tried: Tried[];
  beforeAll(async () => {
    tried = await without('nft', () => tryOn('sandbox', 'without-nft', links));
  }, allRowsMs);

  test.each(links.map((row, index) => ({ name: nameOf(row), row, index })))(
    'whole links are cut all the same, and single ports are unsupported, with the remedy: $name',
    ({ row, index }) => {
      const wrong = wrongIn(tried[index]!);
      if (row.params.ports === undefined) expect(wrong).toEqual([]);
      else expect(wrong).toEqual([expect.stringMatching(/^unsupported: .*install the package nftables$/)]);
    },
  );
});

test.skipIf(machineLacks)('without perl the table is unsupported, with the remedy', async () => {
  const [tried] = await without('perl', () => tryOn('sandbox', 'without-perl', faultTable.slice(0, 1)));
  expect(wrongIn(tried!)).toEqual([expect.stringMatching(/^unsupported: .*install the package perl$/)]);
});
