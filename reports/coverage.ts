import { type Cell, type Coverage, timesOf } from '../harness/nightly/coverage.ts';
import type { NightCoverage } from '../harness/nightly/coverage-file.ts';

/** How often something was seen: in this run, and in all nights with it. */
interface Times {
  tonight: number;
  ever: number;
}

/** One face of the matrix: what was seen, by two of its sides. */
export interface CoverageTable {
  /** Of the rows, and of what the columns are. */
  names: [string, string];
  columns: string[];
  rows: { name: string; cells: Times[] }[];
}

export interface CoverageReport {
  /** Nights, this one included. */
  nights: number;
  /** Cells of the matrix: seen tonight, of these for the first time, and ever. */
  tonight: number;
  news: number;
  ever: number;
  /** Fault and role by phase of Zab, fault by workload, release by workload. */
  tables: CoverageTable[];
}

const phases = ['election', 'discovery', 'synchronization', 'broadcast'];

/** The matrix has five sides; three tables show it from different ones. */
export function coverageReport({ before, tonight }: NightCoverage): CoverageReport {
  const all = [...before.cells, ...tonight];
  const isNew = (cell: Cell) => timesOf(before.cells, sidesOf(cell)) === 0;
  const news = tonight.filter(isNew).length;
  const face = (names: [string, string], row: Side, column: Side, columns = valuesOf(all, column)) => ({
    names,
    columns,
    rows: valuesOf(all, row).map((name) => ({
      name,
      cells: columns.map((other) => {
        const fits = (cell: Cell) => row(cell) === name && column(cell) === other;
        return { tonight: sum(tonight.filter(fits)), ever: sum(all.filter(fits)) };
      }),
    })),
  });
  return {
    nights: before.nights.length + 1,
    tonight: tonight.length,
    news,
    ever: before.cells.length + news,
    tables: [
      face(
        ['fault, and what it hit', 'phase of Zab'],
        ({ fault, role }) => `${fault} ${role}`,
        ({ phase }) => phase,
        phases,
      ),
      face(
        ['fault', 'workload'],
        ({ fault }) => fault,
        ({ workload }) => workload,
      ),
      face(
        ['release', 'workload'],
        ({ version }) => version,
        ({ workload }) => workload,
      ),
    ],
  };
}

type Side = (cell: Cell) => string;

const sidesOf = ({ fault, role, phase, version, workload }: Cell): Cell => ({
  fault,
  role,
  phase,
  version,
  workload,
});
const valuesOf = (cells: readonly Cell[], side: Side) => [...new Set(cells.map(side))].sort();
const sum = (cells: Coverage) => cells.reduce((total, { times }) => total + times, 0);

/** "41 kinds of faults were seen, 12 for the first time; 133 in 5 nights". */
export function coverageInWords({ nights, tonight, news, ever }: CoverageReport): string {
  const all = nights === 1 ? 'the first night' : `${ever} in ${nights} nights`;
  return `${tonight} kinds of faults were seen (fault, role of whom it hit, phase of Zab, release, workload), ${news} for the first time; ${all}`;
}
