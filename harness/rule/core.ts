import type { History } from '../history/history.ts';
import { historyOf } from '../history/in-memory.ts';
import { type OpKind, opKinds, outcomes } from '../history/op.ts';
import type { Evidence, Rule } from './rule.ts';
import { keepPlaces } from './tree/place.ts';
import type { Core, Finding } from './verdict.ts';

/** Judgements spent on one finding; the rows left by then are the core. */
const triesMax = 400;

const reads: ReadonlySet<OpKind> = new Set(['exists', 'getData', 'getChildren', 'getACL', 'sync', 'event']);
const ofSessions: ReadonlySet<OpKind> = new Set(['connect', 'close', 'expired']);
/** What these say, or may do, hangs on the children of their node. */
const aboutChildren: ReadonlySet<OpKind> = new Set(['getChildren', 'delete', 'multi']);

/**
 * The least of the history in which the rule still makes the same finding. Only deletions that cannot make a finding
 * of their own are tried: other nodes as a whole (every node is judged by itself), observations and refusals (they
 * change nothing), updates behind the last zxid of the finding (a prefix of a correct order is correct), and sessions
 * without any operation left. Updates without an answer stay: each may be what explains a value. Every deletion is
 * judged again, so the core is proof by itself. Undefined for findings that name no operation.
 */
export function coreOf(rule: Rule, evidence: Evidence, finding: Finding): Core | undefined {
  if (finding.ops.length === 0) return undefined;
  const { history } = evidence;
  let tries = 0;
  const stands = (rows: readonly number[]): boolean => {
    if (++tries > triesMax) return false;
    const part = historyOf(rows.map((row) => history.op(row)));
    const again = rule.judge({ ...evidence, history: keepPlaces(history, rows, part) });
    return again.findings.some(
      ({ title, severity }) => title === finding.title && severity === finding.severity,
    );
  };
  let rows = onItsNodes(history, finding);
  if (!stands(rows)) return undefined;
  const wanted = new Set(finding.ops);
  rows = without(rows, behind(history, rows, finding), stands);
  rows = without(rows, ofIdleSessions(history, rows), stands);
  rows = thinned(rows, (row) => !wanted.has(row) && changesNothing(history, row), stands);
  rows = without(rows, ofIdleSessions(history, rows), stands);
  return { ops: rows, of: history.length };
}

/** Rows about the nodes of the finding and those above them, and all that sessions begin and end with. */
function onItsNodes(history: History, finding: Finding): number[] {
  const nodes = new Set(
    finding.ops.map((row) => history.paths[history.path[row]!]!).filter((path) => path !== ''),
  );
  const children = finding.ops.some((row) => aboutChildren.has(kindOf(history, row)));
  const related = history.paths.map(
    (path) =>
      nodes.has(path) ||
      [...nodes].some((node) => node.startsWith(`${path}/`) || (children && parentOf(path) === node)),
  );
  const wanted = new Set(finding.ops);
  return rowsWhere(history, (row) => {
    const kind = kindOf(history, row);
    if (wanted.has(row) || ofSessions.has(kind)) return true;
    if (kind !== 'multi') return related[history.path[row]!]!;
    const parts = history.value(row) ?? '';
    return [...nodes].some((node) => parts.includes(children ? node : JSON.stringify(node)));
  });
}

/** Updates that came after everything the finding speaks of. */
function behind(history: History, rows: readonly number[], finding: Finding): Set<number> {
  const last = Math.max(...finding.ops.map((row) => Math.max(history.zxid[row]!, history.mzxid[row]!)));
  const wanted = new Set(finding.ops);
  return new Set(rows.filter((row) => !wanted.has(row) && history.zxid[row]! > last));
}

function changesNothing(history: History, row: number): boolean {
  const kind = kindOf(history, row);
  const outcome = outcomes[history.outcome[row]!]!;
  return (
    reads.has(kind) || outcome === 'fail' || outcome === 'notSent' || (kind === 'connect' && outcome !== 'ok')
  );
}

function ofIdleSessions(history: History, rows: readonly number[]): Set<number> {
  const isOfSession = (row: number) => ofSessions.has(kindOf(history, row));
  const busy = new Set(rows.filter((row) => !isOfSession(row)).map((row) => history.session[row]!));
  return new Set(rows.filter((row) => isOfSession(row) && !busy.has(history.session[row]!)));
}

function without(
  rows: readonly number[],
  dropped: ReadonlySet<number>,
  stands: (rows: readonly number[]) => boolean,
): number[] {
  const fewer = rows.filter((row) => !dropped.has(row));
  return fewer.length < rows.length && stands(fewer) ? fewer : [...rows];
}

/** Delta debugging (Zeller and Hildebrandt 2002) over the rows that may go: halves, quarters, … single ones. */
function thinned(
  rows: readonly number[],
  mayGo: (row: number) => boolean,
  stands: (rows: readonly number[]) => boolean,
): number[] {
  let left = [...rows];
  for (let size = left.length; size >= 1; size = Math.floor(size / 2)) {
    const going = left.filter(mayGo);
    for (let at = 0; at < going.length; at += size)
      left = without(left, new Set(going.slice(at, at + size)), stands);
  }
  return left;
}

function rowsWhere(history: History, test: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < history.length; row++) if (test(row)) rows.push(row);
  return rows;
}

const kindOf = (history: History, row: number): OpKind => opKinds[history.kind[row]!]!;
const parentOf = (path: string) => path.slice(0, Math.max(1, path.lastIndexOf('/')));
