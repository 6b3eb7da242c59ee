import type { Stat } from './op.ts';

/** What the rows of one `node` have in common. Numbers count up from 0 in a file, in the order of declaration. */
export interface Declaration {
  path: string;
  /** Absent where the rows have no Stat. */
  stat: DeclaredStat | null;
  /** Where a column cannot say it, for one row alone: the version asked for and the error. */
  version: number | null;
  error: number | null;
}

/** The part of a Stat that changes seldom; null says that the row knows better. */
export interface DeclaredStat extends Omit<Stat, 'version' | 'mzxid' | 'mtimeMs' | 'dataLength'> {
  /** Null: `mzxidBack` before the row's zxid. */
  mzxid: Stat['mzxid'] | null;
  /** Null: `mtimeAfterMs` after ctimeMs. */
  mtimeMs: number | null;
  /** Null: as long as the row's value. */
  dataLength: number | null;
}

/** In a file what is null is left out, and so are these where they are 0. */
const mostlyZero = ['cversion', 'aversion', 'numChildren', 'ephemeralOwner'] as const;
const zeros = { cversion: 0, aversion: 0, numChildren: 0, ephemeralOwner: '0' } as const;
const nulls = { mzxid: null, mtimeMs: null, dataLength: null } as const;

export function jsonOfDeclarations(declarations: readonly Declaration[]): string {
  return JSON.stringify(declarations, (key, value) => {
    if (value === null) return undefined;
    return mostlyZero.some((name) => name === key && value === zeros[name]) ? undefined : value;
  });
}

export function declarationsIn(json: string): Declaration[] {
  const said = JSON.parse(json) as (Partial<Declaration> & { path: string })[];
  return said.map(({ path, stat = null, version = null, error = null }) => ({
    path,
    stat: stat && { ...zeros, ...nulls, ...stat },
    version,
    error,
  }));
}
