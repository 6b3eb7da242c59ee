import { join } from 'node:path';
import type { OwnServers } from '../backend/server-source.ts';
import { differences } from './compare.ts';
import { runLane } from './lane.ts';
import type { Played } from './play.ts';
import { expectedOf, type Row } from './row.ts';
import { faultTable } from './table.ts';

/** A row of the table and what it came to on one backend. */
export interface Tried {
  row: Row;
  played: Played;
}

/** Rows about links mostly wait for silence, so two sites share them while a third has the servers. */
const lanes: readonly (readonly [Row['on'], number, number])[] = [
  ['echo', 0, 2],
  ['echo', 1, 2],
  ['servers', 0, 1],
];

export interface Trial {
  servers: OwnServers;
  /** Release of the servers. */
  zookeeper: string;
  runId: string;
  /** Existing directory for logs. */
  directory: string;
  rows?: readonly Row[];
}

/** Plays every row of the table on real machines of one backend. */
export async function tryFaults({ rows = faultTable, directory, ...on }: Trial): Promise<Tried[]> {
  const played: Played[] = [];
  const share = (kind: Row['on'], part: number, parts: number) =>
    rows
      .map((row, index) => ({ row, index }))
      .filter(({ row }) => row.on === kind)
      .filter((_, n) => n % parts === part);
  await Promise.all(
    lanes.map(async ([kind, part, parts]) => {
      const own = share(kind, part, parts);
      if (own.length === 0) return;
      const order = { ...on, directory: join(directory, `${kind}-${part + 1}`), rows: own };
      const end = await runLane(order, (index, outcome) => {
        played[index] = outcome;
      });
      // What a lane did not come to, or may have spoilt for those before it, counts as failed.
      const rest: Played = end.kind === 'ended' ? { kind: 'failed', reason: 'it was not played' } : end;
      for (const { index } of own) if (end.kind === 'failed' || !played[index]) played[index] = rest;
    }),
  );
  return rows.map((row, index) => ({ row, played: played[index]! }));
}

/** Seen, and every connection as expected. */
export const asExpected = ({ row, played }: Tried): boolean =>
  played.kind === 'seen' && differences(expectedOf(row), played.seen).length === 0;

/** Nothing speaks against it; what a machine cannot do is no fault of its own. */
export const isFine = (tried: Tried): boolean => tried.played.kind === 'unsupported' || asExpected(tried);
