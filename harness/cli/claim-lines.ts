import type { RunVerdict } from '../rule/verdict.ts';
import { type ClaimTable, claimTable, claimVerdict } from '../run/claim-table.ts';
import type { RunRecord } from '../run/run-directory.ts';

/** The conformance table of a stored run, given what its scenarios were judged as; without rows where they carry no claims. */
export function claimTableOf(record: RunRecord, verdict: RunVerdict): ClaimTable {
  const verdicts = record.scenarios.map((scenario, i) => {
    const began = scenario
      .files()
      .some(({ path, bytes }) => path === `${scenario.slug}/journal.ndjson` && bytes > 0);
    return claimVerdict(verdict.scenarios[i]?.verdict ?? 'invalid', began);
  });
  return claimTable(record.meta, verdicts);
}

/** A line a claim, with a column a release; nothing where there are no claims. */
export function claimLines({ releases, rows }: ClaimTable): string {
  if (rows.length === 0) return '';
  const titleWidth = Math.max(...rows.map(({ claim }) => claim.title.length));
  const width = Math.max(...releases.map((release) => release.length), 'inconclusive'.length);
  const line = (id: string, title: string, cells: readonly string[]) =>
    [id.padEnd(5), title.padEnd(titleWidth), ...cells.map((cell) => cell.padEnd(width))].join('  ').trimEnd();
  const head = line('claim', '', releases);
  const body = rows.map(({ claim, verdicts }) =>
    line(
      claim.id,
      claim.title,
      verdicts.map((verdict) => verdict ?? '–'),
    ),
  );
  return `\n${[head, ...body].join('\n')}\n`;
}

/** For the one JSON object that a command prints. */
export function claimsJson({ releases, rows }: ClaimTable): object {
  if (rows.length === 0) return {};
  const claims = rows.map(({ claim, verdicts }) => ({
    id: claim.id,
    verdicts: Object.fromEntries(
      releases.flatMap((release, i) => (verdicts[i] === undefined ? [] : [[release, verdicts[i]]])),
    ),
  }));
  return { claims };
}
