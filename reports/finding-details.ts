import type { History } from '../harness/history/history.ts';
import type { Op } from '../harness/history/op.ts';
import type { Finding, ScenarioVerdict } from '../harness/rule/verdict.ts';

/** A finding with the operations it speaks of, and what happened to the same nodes around it. */
export interface FindingDetail {
  finding: Finding;
  ops: Op[];
  /** Operations on the same paths just before and after, in order of request; those above left out. */
  around: Op[];
  /** The least of the history in which the finding still stands, in order of request; empty when it was not looked for. */
  core: Op[];
}

/** More findings than this are told in words only: nobody reads the hundredth table, and the page must open. */
export const mostDetails = 25;
const mostOps = 20;
const mostAround = 12;

/** All findings of a scenario, violations first, else in order of time. */
export function findingDetails(judged: ScenarioVerdict, history: History | undefined): FindingDetail[] {
  const findings = judged.rules
    .flatMap((rule) => rule.findings)
    .sort((a, b) => rank(a) - rank(b) || a.atNs - b.atNs);
  const detailed = history ? findings.slice(0, mostDetails) : [];
  const rowsOfPath = history ? rowsByPath(history, detailed) : new Map<number, number[]>();
  return findings.map((finding, i) => {
    if (!history || i >= mostDetails) return { finding, ops: [], around: [], core: [] };
    const rows = finding.ops.filter((row) => row >= 0 && row < history.length).slice(0, mostOps);
    return {
      finding,
      ops: rows.map((row) => history.op(row)),
      around: around(history, rows, rowsOfPath).map((row) => history.op(row)),
      core: coreRows(history, finding).map((row) => history.op(row)),
    };
  });
}

function coreRows(history: History, { core }: Finding): number[] {
  const rows = (core?.ops ?? []).filter((row) => row >= 0 && row < history.length);
  return rows.sort((a, b) => history.invokedNs[a]! - history.invokedNs[b]!);
}

const rank = (finding: Finding) => (finding.severity === 'violation' ? 0 : 1);

/** Rows of the paths that the findings touch, in order of request. */
function rowsByPath(history: History, details: readonly Finding[]): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const row of details.flatMap((finding) => finding.ops)) {
    const path = history.path[row];
    if (path !== undefined) rows.set(path, []);
  }
  for (let row = 0; row < history.length; row++) rows.get(history.path[row]!)?.push(row);
  for (const list of rows.values()) list.sort((a, b) => history.invokedNs[a]! - history.invokedNs[b]!);
  return rows;
}

function around(
  history: History,
  rows: readonly number[],
  rowsOfPath: ReadonlyMap<number, number[]>,
): number[] {
  const picked = new Set<number>();
  for (const row of rows) {
    const same = rowsOfPath.get(history.path[row]!) ?? [];
    const at = same.indexOf(row);
    for (const near of same.slice(Math.max(0, at - 3), at + 4)) picked.add(near);
  }
  for (const row of rows) picked.delete(row);
  return [...picked].sort((a, b) => history.invokedNs[a]! - history.invokedNs[b]!).slice(0, mostAround);
}
