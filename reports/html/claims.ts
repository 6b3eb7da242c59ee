import type { Claims } from '../claims.ts';
import { plural } from '../format.ts';
import type { RunReport } from '../report.ts';
import { type Html, html, type Part } from './html.ts';
import { anchor, badge, none } from './parts.ts';

type Row = Claims['rows'][number];
type Proof = Row['proofs'][number];

/** The conformance table: a row a claim, below it a row for each further scenario; narrow windows stack the cells. */
export function claimsSection({ claims }: RunReport): Html | undefined {
  if (!claims) return undefined;
  const { releases, rows } = claims;
  const columns = ['claim', ...releases, 'what was done', 'what was seen'];
  return html`<section id="claims" aria-labelledby="claims-h">
<h2 id="claims-h">Claims</h2>
<p class="muted">What guides teach about ZooKeeper, what its servers promise where that is not the same, and what was seen. A verdict is the worst of a claim's scenarios on that release.</p>
<div class="scroll" role="region" aria-label="Claims" tabindex="0"><table class="claims">
<thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
${rows.map((row) => html`<tbody id="${claimAnchor(row.claim.id)}">${rowsOf(row, releases)}</tbody>\n`)}</table></div>
</section>
`;
}

const claimAnchor = (id: string) => `claim-${id}`;

function rowsOf(row: Row, releases: readonly string[]): Part {
  const { claim, verdicts, proofs } = row;
  const span = Math.max(1, proofs.length);
  const head = html`<td class="claim" rowspan="${span}"><b>${claim.id}</b> ${claim.title}
<p>${claim.claim}</p><p class="muted">Precisely: ${claim.law}</p></td>
${releases.map((release, i) => html`<td class="verdict" rowspan="${span}"><span class="label">${release}</span> ${verdictIn(verdicts[i])}</td>`)}`;
  return proofs.map(
    (proof, i) =>
      html`<tr>${i === 0 && head}<td class="done">${done(proof)}</td><td class="seen">${seen(proof, releases.length > 1)}</td></tr>\n`,
  );
}

const verdictIn = (verdict: Row['verdicts'][number]): Html =>
  verdict === undefined
    ? html`<span title="no scenario of this claim on this release">${none}</span>`
    : badge(verdict);

function done({ name, about, turns }: Proof): Html {
  const [only] = turns;
  const called = turns.length === 1 ? html`<a href="#${anchor(only!.scenario)}">${name}</a>` : name;
  return html`${called}${about !== '' && html`<p class="muted">${about}</p>`}`;
}

function seen({ turns }: Proof, several: boolean): Part {
  return turns.map(({ scenario, verdict, seen: words, rules }) => {
    const release = html`<a href="#${anchor(scenario)}">${scenario.release || 'scenario'}</a> ${badge(verdict)}`;
    return html`${several ? release : verdict !== 'pass' && badge(verdict)}
${words.length > 0 ? list(words) : html`<p class="muted">nothing was recorded</p>`}
${rules.length > 0 && html`<details><summary>${plural(rules.length, 'rule')}</summary>${list(rules)}</details>`}`;
  });
}

const list = (words: readonly string[]) => html`<ul>${words.map((each) => html`<li>${each}</li>`)}</ul>`;

/** Tags of a scenario, those that are claims of the table as links to them. */
export function tagsOf(tags: readonly string[], claims: Claims | undefined): Part {
  const known = new Set(claims?.rows.map(({ claim }) => claim.id));
  return tags.map((tag, i) => [
    i > 0 && ' ',
    known.has(tag) ? html`<a href="#${claimAnchor(tag)}">${tag}</a>` : tag,
  ]);
}
