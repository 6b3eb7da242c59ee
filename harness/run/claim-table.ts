import type { Verdict } from '../rule/verdict.ts';
import type { Claim } from '../scenario/claim.ts';
import { compareVersions } from '../topology/version.ts';
import type { RunMeta } from './run-directory.ts';

/** A claim as run.json keeps it: its texts as they were then, and the scenarios of the run that carry its id. */
export interface StoredClaim extends Claim {
  /** Slugs. */
  scenarios: string[];
}

/** `not run`: nothing of the scenario ever began, so it says nothing about its claims. */
export type ClaimVerdict = Verdict | 'not run';

export interface ClaimTable {
  /** A column each, from old to new. */
  releases: string[];
  rows: ClaimRow[];
}

interface ClaimRow {
  claim: StoredClaim;
  /** By release; undefined where no scenario of the claim was to run on it. */
  verdicts: (ClaimVerdict | undefined)[];
}

/** What a scenario says of its claims; `began` when its journal has an entry. */
export function claimVerdict(verdict: Verdict, began: boolean): ClaimVerdict {
  return began || verdict === 'unsupported' ? verdict : 'not run';
}

/**
 * Verdict of each claim on each release: the worst of its scenarios there. `verdicts` are those of the run's scenarios,
 * in the order of run.json.
 */
export function claimTable(meta: RunMeta, verdicts: readonly ClaimVerdict[]): ClaimTable {
  const scenarios = meta.scenarios.map(({ slug, release = meta.zookeeper.join(' + ') }, i) => ({
    slug,
    release,
    verdict: verdicts[i] ?? 'not run',
  }));
  const claims = meta.claims ?? [];
  const ofClaims = scenarios.filter(({ slug }) => claims.some((claim) => claim.scenarios.includes(slug)));
  const releases = [...new Set(ofClaims.map(({ release }) => release))].sort(byAge);
  const rows = claims.map((claim) => ({
    claim,
    verdicts: releases.map((release) =>
      worstOf(
        ofClaims
          .filter((each) => each.release === release && claim.scenarios.includes(each.slug))
          .map(({ verdict }) => verdict),
      ),
    ),
  }));
  return { releases, rows };
}

/** Of "3.8.0 + 3.9.5" the older counts first. */
function byAge(a: string, b: string): number {
  const [first, second] = [a.split(' + '), b.split(' + ')];
  return compareVersions(first[0]!, second[0]!) || first.length - second.length || (a < b ? -1 : 1);
}

/** Worst first. What was to be tried and was not is worse than what cannot be tried, and hides no violation. */
export const claimVerdicts: readonly ClaimVerdict[] = [
  'violation',
  'invalid',
  'inconclusive',
  'not run',
  'budget',
  'unsupported',
  'pass',
];

function worstOf(all: readonly ClaimVerdict[]): ClaimVerdict | undefined {
  return claimVerdicts.find((verdict) => all.includes(verdict));
}
