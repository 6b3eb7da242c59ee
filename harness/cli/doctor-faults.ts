import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Trouble } from '../base/trouble.ts';
import { differences, inWords } from '../fault-table/compare.ts';
import { legend, triedTable } from '../fault-table/print.ts';
import { expectedOf, nameOf } from '../fault-table/row.ts';
import { isFine, type Tried, tryFaults } from '../fault-table/try-faults.ts';
import { chooseBackend } from './choose-backend.ts';

/** The fault table on one backend: every row, or why this machine does not have the backend. */
type FaultsOn = { backend: string } & (
  | { tried: Tried[]; logs: string | undefined }
  | { unsupported: string }
);

const backends = ['sandbox', 'docker'] as const;
const zookeeper = '3.9.5';

/** Tries every row on every backend of this machine, all at once. */
export async function tryFaultsHere(
  say: (line: string) => void,
  choose: typeof chooseBackend = chooseBackend,
): Promise<FaultsOn[]> {
  const versionsFor = () => [zookeeper];
  return Promise.all(
    backends.map((backend) => tryOn(backend, () => choose({ backend, zookeeper, versionsFor, say }))),
  );
}

async function tryOn(backend: string, choose: () => ReturnType<typeof chooseBackend>): Promise<FaultsOn> {
  try {
    const { servers } = await choose();
    const directory = mkdtempSync(join(tmpdir(), `gauntlet-faults-${backend}-`));
    const tried = await tryFaults({ servers, zookeeper, runId: `doctor-${process.pid}`, directory });
    const fine = tried.every(isFine);
    if (fine) rmSync(directory, { recursive: true });
    return { backend, tried, logs: fine ? undefined : directory };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return { backend, unsupported: error.message };
  }
}

/** Nothing was different, and something was seen. */
export function faultsAreFine(all: readonly FaultsOn[]): boolean {
  const tried = all.flatMap((on) => ('tried' in on ? on.tried : []));
  return tried.every(isFine) && tried.some(({ played }) => played.kind === 'seen');
}

export function faultsText(all: readonly FaultsOn[]): string {
  return [legend, ...all.map(textOf)].join('\n\n');
}

function textOf(on: FaultsOn): string {
  if ('unsupported' in on) return `faults on ${on.backend}: unsupported: ${on.unsupported}`;
  const { backend, tried, logs } = on;
  const count = (test: (one: Tried) => boolean) => tried.filter(test).length;
  const wrong = count((one) => !isFine(one));
  const unsupported = count(({ played }) => played.kind === 'unsupported');
  const parts = [
    `${tried.length - wrong - unsupported} of ${tried.length} as expected`,
    ...(wrong > 0 ? [`${wrong} NOT, see the lines with "no"`] : []),
    ...(unsupported > 0 ? [`${unsupported} unsupported`] : []),
    ...(logs === undefined ? [] : [`logs in ${logs}`]),
  ];
  return `faults on ${backend}, ZooKeeper ${zookeeper}: ${parts.join(', ')}\n\n${triedTable(tried)}`;
}

/** For `--json`: pictures as in the table, and every difference in words. */
export function faultsJson(all: readonly FaultsOn[]): object[] {
  return all.map((on) => {
    if ('unsupported' in on) return on;
    const { backend, tried, logs } = on;
    return { backend, ...(logs !== undefined && { logs }), rows: tried.map(rowJson) };
  });
}

function rowJson(tried: Tried): object {
  const { row, played } = tried;
  const expected = expectedOf(row);
  const { fault, params, victims, on } = row;
  const about = { name: nameOf(row), fault, params, victims, on, fine: isFine(tried), expected };
  if (played.kind !== 'seen') return { ...about, ...played };
  return { ...about, ...played, differences: differences(expected, played.seen).map(inWords) };
}
