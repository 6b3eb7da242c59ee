import {
  type ClaimTable,
  type ClaimVerdict,
  claimTable,
  claimVerdict,
  type StoredClaim,
} from '../harness/run/claim-table.ts';
import type { RunMeta } from '../harness/run/run-directory.ts';
import { nodeName } from '../harness/topology/topology.ts';
import { clip } from './format.ts';
import type { ScenarioReport } from './report.ts';

/** The conformance table as the reports show it. */
export interface Claims {
  releases: string[];
  rows: ClaimReport[];
}

interface ClaimReport {
  claim: StoredClaim;
  verdicts: ClaimTable['rows'][number]['verdicts'];
  proofs: Proof[];
}

/** What one scenario shows of a claim, on every release it ran on. */
interface Proof {
  /** Of the scenario, without a release. */
  name: string;
  about: string;
  /** In the order of the releases. */
  turns: ProofTurn[];
}

interface ProofTurn {
  scenario: ScenarioReport;
  verdict: ClaimVerdict;
  /** Half-sentences: who led, what met each expectation, what was wrong. */
  seen: string[];
  /** What the rules saw that the scenario names, a half-sentence each. */
  rules: string[];
}

const mostFindings = 3;
const mostReigns = 8;

/** Undefined for a run whose scenarios carry no claims. */
export function claimsIn(meta: RunMeta, scenarios: readonly ScenarioReport[]): Claims | undefined {
  if (meta.claims === undefined) return undefined;
  const verdicts = scenarios.map(verdictOf);
  const { releases, rows } = claimTable(meta, verdicts);
  return {
    releases,
    rows: rows.map((row) => ({ ...row, proofs: proofsOf(row.claim, releases, scenarios) })),
  };
}

const verdictOf = ({ judged, journal }: ScenarioReport) => claimVerdict(judged.verdict, journal.length > 0);

function proofsOf(
  claim: StoredClaim,
  releases: readonly string[],
  scenarios: readonly ScenarioReport[],
): Proof[] {
  const proofs = new Map<string, Proof>();
  const ofClaim = scenarios.filter(({ slug }) => claim.scenarios.includes(slug));
  const column = ({ release }: ScenarioReport) => releases.indexOf(release);
  for (const scenario of ofClaim.sort((a, b) => column(a) - column(b))) {
    const name = withoutRelease(scenario);
    const proof = proofs.get(name) ?? { name, about: '', turns: [] };
    proof.about ||= scenario.scenario?.about ?? '';
    proof.turns.push({
      scenario,
      verdict: verdictOf(scenario),
      seen: seenIn(scenario),
      rules: namedRules(scenario),
    });
    proofs.set(name, proof);
  }
  return [...proofs.values()];
}

/** Turns of one scenario differ by the release in their names (run/turns.ts). */
function withoutRelease({ name, release }: ScenarioReport): string {
  const end = ` (${release})`;
  return name.endsWith(end) ? name.slice(0, -end.length) : name;
}

function seenIn({ reigns, journal, judged }: ScenarioReport): string[] {
  const led = reigns.slice(0, mostReigns).map(({ leader, epoch }) => `${nodeName(leader)} in epoch ${epoch}`);
  if (reigns.length > mostReigns) led.push(`${reigns.length - mostReigns} more`);
  const breaches = judged.rules.flatMap(({ findings }) => findings.map(({ title }) => title));
  const wrong = (breaches.length > 0 ? breaches : judged.reasons).slice(0, mostFindings);
  return [
    ...(led.length > 0 ? [`led: ${led.join(', ')}`] : []),
    ...journal.flatMap((entry) =>
      entry.kind === 'expectation' ? `${entry.met ? '✔' : '✘'} ${entry.what}: ${entry.seen}` : [],
    ),
    ...wrong.map((words) => clip(words, 300)),
  ];
}

function namedRules({ scenario, judged }: ScenarioReport): string[] {
  const named = judged.rules.filter(({ rule }) => scenario?.rules?.includes(rule));
  return named.map(({ rule, seen }) => `${rule}: ${seen}`);
}
