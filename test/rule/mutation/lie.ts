import type { Random } from '../../../harness/base/random.ts';
import type { Op, Stat } from '../../../harness/history/op.ts';
import type { Simulated } from '../simulated-ensemble.ts';

export interface Mutation {
  name: string;
  /** Rules that must each name it. */
  caughtBy: readonly string[];
  /** What these rules say; a breach unless said otherwise. A gap turns nothing red. */
  verdict?: 'invalid' | 'inconclusive' | 'gap' | 'budget';
  /** The run with one lie in it; undefined when this run offers no place for it. The original stays as it is. */
  apply(run: Simulated, random: Random): Simulated | undefined;
}

const set = '/gauntlet/set';
const isRegister = (path: string) => path.startsWith('/gauntlet/registers/');
export const isFinal = ({ phase }: Op) => phase === 'final' || phase === 'poweroff';
export const isAckedSet = (op: Op) => op.kind === 'setData' && op.outcome === 'ok' && isRegister(op.path);
export const isGet = (op: Op) => op.kind === 'getData' && op.outcome === 'ok' && isRegister(op.path);

/** A copy whose rows may be changed at will. */
export function copyOf({ ops, rest: { transactions, ...rest } }: Simulated): Simulated {
  return {
    ops: ops.map((op) => ({ ...op, stat: op.stat && { ...op.stat } })),
    // What disks hold is large; who changes it makes a new one.
    rest: { ...structuredClone(rest), ...(transactions && { transactions }) },
  };
}

/** With a lost write to the same node a lie about versions may have a lawful explanation. */
export const hasLostWrites = (ops: readonly Op[], path: string) =>
  ops.some(
    ({ outcome, kind, path: at, value }) =>
      outcome === 'unknown' &&
      ((kind === 'setData' && at === path) || (kind === 'multi' && value!.includes(`"${path}"`))),
  );

/** Picks rows that fit, changes a copy, and gives up when nothing fits. */
export function changing(
  pick: (op: Op, run: Simulated) => boolean,
  change: (op: Op, run: Simulated, random: Random) => boolean,
) {
  return (run: Simulated, random: Random): Simulated | undefined => {
    const rows = run.ops.flatMap((op, row) => (pick(op, run) ? [row] : []));
    for (const row of random.shuffle(rows)) {
      const copy = copyOf(run);
      if (change(copy.ops[row]!, copy, random) !== false) return copy;
    }
    return undefined;
  };
}

/** Erases a node from reads, with the counters of its parent left as if it had never been. */
export function erase(ops: Op[], path: string, where: (op: Op) => boolean): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(parent.length + 1);
  let erased = false;
  for (const op of ops.filter(where)) {
    if (op.path === path && (op.kind === 'getData' || op.kind === 'exists' || op.kind === 'getChildren')) {
      Object.assign(op, { outcome: 'fail', error: -101, stat: null, value: null, result: null });
      erased = true;
    }
    if (op.path === parent && op.stat) op.stat = { ...op.stat, numChildren: op.stat.numChildren - 1 };
    if (op.path === parent && op.kind === 'getChildren' && op.outcome === 'ok') {
      const names = (JSON.parse(op.result!) as string[]).filter((each) => each !== name);
      op.result = JSON.stringify(names);
    }
  }
  return erased;
}

export const ackedSetElement = (op: Op) =>
  op.kind === 'create' && op.outcome === 'ok' && op.path.startsWith(`${set}/`) && op.phase === 'workload';

/** The state one write earlier. */
export function olderOf(
  ops: readonly Op[],
  stat: Stat,
  path: string,
): { value: string; stat: Stat } | undefined {
  const older = ops.filter((op) => isAckedSet(op) && op.path === path && op.stat!.mzxid < stat.mzxid);
  const last = older.reduce<Op | undefined>(
    (a, b) => (a && a.stat!.mzxid > b.stat!.mzxid ? a : b),
    undefined,
  );
  return last && { value: last.value!, stat: { ...last.stat!, czxid: stat.czxid } };
}

/** A lie about one field of a Stat. */
export const withField = (op: Op, field: keyof Stat, by = 1): boolean => {
  const value = op.stat![field];
  op.stat = { ...op.stat!, [field]: typeof value === 'number' ? value + by : '0100000000000099' };
  return true;
};

/** Rows of a session behind another row, up to its next connection. */
export function restOfConnection(ops: readonly Op[], from: number): number[] {
  const { session } = ops[from]!;
  const rows: number[] = [];
  for (let row = from + 1; row < ops.length; row++) {
    if (ops[row]!.session !== session) continue;
    if (ops[row]!.kind === 'connect' || ops[row]!.kind === 'expired') break;
    rows.push(row);
  }
  return rows;
}

export const isAnswer = ({ kind, outcome, zxid }: Op) =>
  zxid > 0 && (outcome === 'ok' || outcome === 'fail') && kind !== 'event';
