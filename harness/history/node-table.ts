import { type Declaration, type DeclaredStat, jsonOfDeclarations } from './declaration.ts';
import type { Op, Stat } from './op.ts';

/** What a row's own columns can say; the rest its declaration must. */
export interface RowFit {
  /** Bytes of the value, which is what `dataLength` mostly is. */
  valueBytes: number;
  mzxid: boolean;
  mtime: boolean;
  version: boolean;
  error: boolean;
}

/** Forgotten are all paths at once when there are this many; they are then declared again. Some 20 MB. */
const pathsMax = 65_536;
/** Stats of a path that are remembered: replicas that lag show a few at a time. */
const statsMax = 4;

interface Known {
  /** Number of the path without a Stat; -1 while it has none. */
  bare: number;
  stats: Numbered[];
}
interface Numbered extends DeclaredStat {
  number: number;
}

/** Gives each op the number of its declaration, and collects those that are new. */
export class NodeTable {
  #paths = new Map<string, Known>();
  #fresh: Declaration[] = [];
  #count = 0;

  numberOf(op: Op, fit: RowFit): number {
    if (!fit.version || !fit.error) return this.#declareAlone(op, fit);
    const known = this.#paths.get(op.path) ?? this.#meet(op.path);
    if (op.stat !== null) return this.#numberOfStat(known, op.path, op.stat, fit);
    if (known.bare < 0) known.bare = this.#declare({ path: op.path, stat: null, version: null, error: null });
    return known.bare;
  }

  /** How many declarations wait to be written. */
  get fresh(): number {
    return this.#fresh.length;
  }

  /** Takes the new declarations: the number of the first, and all of them as text. */
  takeFresh(): { first: number; json: string } {
    const fresh = this.#fresh;
    this.#fresh = [];
    return { first: this.#count - fresh.length, json: jsonOfDeclarations(fresh) };
  }

  #meet(path: string): Known {
    if (this.#paths.size >= pathsMax) this.#paths.clear();
    const known: Known = { bare: -1, stats: [] };
    this.#paths.set(path, known);
    return known;
  }

  #numberOfStat({ stats }: Known, path: string, stat: Stat, fit: RowFit): number {
    for (let i = 0; i < stats.length; i++) {
      if (holds(stats[i]!, stat, fit)) return stats[i]!.number;
    }
    const declared = declaredOf(stat, fit);
    const number = this.#declare({ path, stat: declared, version: null, error: null });
    if (stats.length === statsMax) stats.pop();
    stats.unshift({ ...declared, number });
    return number;
  }

  #declareAlone({ path, stat, version, error }: Op, fit: RowFit): number {
    return this.#declare({
      path,
      stat: stat && declaredOf(stat, fit),
      version: fit.version ? null : version,
      error: fit.error ? null : error,
    });
  }

  #declare(declaration: Declaration): number {
    this.#fresh.push(declaration);
    return this.#count++;
  }
}

function declaredOf(stat: Stat, fit: RowFit): DeclaredStat {
  return {
    czxid: stat.czxid,
    ctimeMs: stat.ctimeMs,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: stat.ephemeralOwner,
    numChildren: stat.numChildren,
    pzxid: stat.pzxid,
    mzxid: fit.mzxid ? null : stat.mzxid,
    mtimeMs: fit.mtime ? null : stat.mtimeMs,
    dataLength: stat.dataLength === fit.valueBytes ? null : stat.dataLength,
  };
}

function holds(known: DeclaredStat, stat: Stat, fit: RowFit): boolean {
  return (
    known.czxid === stat.czxid &&
    known.pzxid === stat.pzxid &&
    known.ctimeMs === stat.ctimeMs &&
    known.cversion === stat.cversion &&
    known.aversion === stat.aversion &&
    known.numChildren === stat.numChildren &&
    known.ephemeralOwner === stat.ephemeralOwner &&
    known.mzxid === (fit.mzxid ? null : stat.mzxid) &&
    known.mtimeMs === (fit.mtime ? null : stat.mtimeMs) &&
    known.dataLength === (stat.dataLength === fit.valueBytes ? null : stat.dataLength)
  );
}
