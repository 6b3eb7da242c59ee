import type { LeadingOverlap } from '../../harness/ledger/leading-overlap.ts';
import type { Ballot } from '../../harness/ledger/ledger.ts';
import { nodeName } from '../../harness/topology/topology.ts';
import type { DurabilityRow } from '../durability.ts';
import { victimsInWords } from '../faults.ts';
import { count, duration, seconds } from '../format.ts';
import { outageMs } from '../outages.ts';
import type { ScenarioReport } from '../report.ts';
import { type Html, html, type Part } from './html.ts';
import { badge, moment, none, notRecorded, section, table } from './parts.ts';

export function faultsSection(scenario: ScenarioReport): Html | undefined {
  const { faults, journal } = scenario;
  if (journal.length === 0) return undefined;
  const rows = faults.map((fault) => [
    fault.landedNs === undefined
      ? moment(scenario, fault.intentNs)
      : moment(scenario, fault.landedNs, fault.healedNs),
    fault.fault,
    victimsInWords(fault),
    fault.landedNs !== undefined && fault.healedNs !== undefined
      ? duration((fault.healedNs - fault.landedNs) / 1e6)
      : none,
    fault.state === 'healed' ? 'landed and healed' : html`<strong>${fault.state}</strong>`,
    fault.notes.length > 0 ? fault.notes.join('; ') : none,
  ]);
  const columns = [
    { name: 'at', numeric: true },
    { name: 'fault' },
    { name: 'who was hit' },
    { name: 'for', numeric: true },
    { name: 'state' },
    { name: 'proof' },
  ];
  return section(
    scenario,
    'faults',
    'Faults',
    rows.length > 0
      ? table('Faults', columns, rows)
      : html`<p>None was planned or reached after ${duration(scenario.endNs / 1e6)}.</p>`,
  );
}

export function outagesSection(scenario: ScenarioReport): Html | undefined {
  const { traffic, outages } = scenario;
  if (!traffic) return undefined;
  const rows = outages.map(({ fromNs, toNs, ended }) => [
    moment(scenario, fromNs, toNs),
    duration((toNs - fromNs) / 1e6),
    ended ? 'a write was acknowledged again' : html`<strong>clients stopped first</strong>`,
  ]);
  const columns = [{ name: 'from', numeric: true }, { name: 'length', numeric: true }, { name: 'end' }];
  return section(
    scenario,
    'outages',
    'Without writes',
    rows.length > 0
      ? html`<p class="muted">A client waited for a write and none was acknowledged for more than ${outageMs} ms.</p>${table('Times without writes', columns, rows)}`
      : html`<p>Whenever a client waited for a write, one was acknowledged within ${outageMs} ms.</p>`,
  );
}

export function electionsSection(scenario: ScenarioReport): Html | undefined {
  const { elections, reigns, overlaps, journal } = scenario;
  if (journal.length === 0) return undefined;
  if (elections.length === 0 && reigns.length === 0) {
    return section(scenario, 'elections', 'Elections', html`<p>${notRecorded}</p>`);
  }
  const columns = [
    { name: 'began', numeric: true },
    { name: 'epoch', numeric: true },
    { name: 'leader' },
    { name: 'why' },
    { name: 'supporters' },
    { name: 'votes of each server in turn, with zxid and epoch' },
    { name: 'election, discovery, synchronization', numeric: true },
    { name: 'without a leader', numeric: true },
    { name: 'without acknowledged writes', numeric: true },
    { name: 'learners synced by' },
  ];
  const rows = elections.map((election) => [
    moment(scenario, election.startedNs, election.endedNs),
    election.epoch ?? none,
    election.leader === undefined ? html`<strong>nobody</strong>` : nodeName(election.leader),
    election.cause,
    election.supporters.length > 0 ? election.supporters.map(nodeName).join(', ') : none,
    election.ballots.length > 0
      ? ballots(election.ballots, election.votesSeen)
      : votes(election.votes, election.votesSeen),
    phases(election.phases),
    election.leaderlessMs === undefined ? none : duration(election.leaderlessMs),
    election.writelessMs === undefined ? none : duration(election.writelessMs),
    election.syncs.length > 0
      ? election.syncs.map(({ sid, mode }) => `${nodeName(sid)} ${mode}`).join(', ')
      : none,
  ]);
  return section(
    scenario,
    'elections',
    'Elections',
    html`${table('Elections', columns, rows)}${overlaps.map(atOnce)}`,
  );
}

/** Lawful in two epochs for a while: the old leader may not know yet that it lost its quorum. */
function atOnce({ fromNs, toNs, leaders }: LeadingOverlap): Html {
  const named = leaders.map(
    ({ sid, epoch }) => `${nodeName(sid)} (${epoch === undefined ? 'no epoch yet' : `epoch ${epoch}`})`,
  );
  return html`<p>${named.join(' and ')} both called themselves LEADING for ${duration((toNs - fromNs) / 1e6)}, from ${seconds(fromNs)}.</p>`;
}

function ballots(all: readonly Ballot[], seen: number): Part {
  const voted = all.filter(({ cast }) => cast.length > 0);
  if (voted.length === 0) return none;
  return html`${voted.map(({ sid, cast }) => html`<div class="vote">${nodeName(sid)}: ${cast.map((vote, i) => html`${i > 0 && ' → '}${nodeName(vote.leader)} <span class="muted">(${told(vote, cast[i - 1])})</span>`)}</div>`)}<span class="muted">${count(seen)} notifications logged</span>`;
}

function told(vote: Ballot['cast'][number], before: Ballot['cast'][number] | undefined): string {
  const round = vote.round === before?.round ? '' : `, round ${vote.round}`;
  return `${vote.zxid}, ${vote.peerEpoch}${round}`;
}

function phases(lengths: ScenarioReport['elections'][number]['phases']): Part {
  if (!lengths) return none;
  const { electionMs, discoveryMs, synchronizationMs } = lengths;
  return [electionMs, discoveryMs, synchronizationMs].map(duration).join(', ');
}

function votes(last: ScenarioReport['elections'][number]['votes'], seen: number): Part {
  if (last.length === 0) return none;
  return html`${last.map(({ from, leader, zxid, peerEpoch }) => html`<span class="vote">${nodeName(from)}→${nodeName(leader)} <span class="muted">(${zxid}, epoch ${peerEpoch})</span></span> `)}<span class="muted">of ${seen} logged</span>`;
}

export function durabilitySection(scenario: ScenarioReport): Html | undefined {
  const { durability, judged } = scenario;
  const rules = judged.rules.filter(({ rule }) => rule === 'durability');
  if (durability.length === 0 && rules.length === 0) return undefined;
  const sids = [...new Set(durability.map(({ sid }) => sid))];
  const counts = (sid: number, phase: DurabilityRow['phase']): Part[] => {
    const row = durability.find((one) => one.sid === sid && one.phase === phase);
    if (!row) return [notRecorded, none, none];
    return [
      count(row.found),
      row.missing > 0 ? html`<strong class="bad">✘ ${count(row.missing)}</strong>` : 0,
      count(row.notRead),
    ];
  };
  const columns = [
    { name: 'server' },
    ...[
      'nodes expected',
      'found after the heal',
      'missing',
      'not read',
      'found after power-off',
      'missing',
      'not read',
    ].map((name) => ({ name, numeric: true })),
  ];
  const rows = sids.map((sid) => {
    const expected = durability.find((row) => row.sid === sid)!.expected;
    return [nodeName(sid), count(expected), ...counts(sid, 'final'), ...counts(sid, 'poweroff')];
  });
  return section(
    scenario,
    'durability',
    'Durability',
    html`${rules.map(({ rule, verdict, seen }) => html`<p>${badge(verdict)} rule ${rule}: ${seen}.</p>`)}
${rows.length > 0 && html`<p class="muted">Each persistent node with an acknowledged create or write must be on every server, at its last acknowledged write or a later one. Counted from the history; nodes touched by a multi or by a delete without an answer are left out. The verdict is the rule's.</p>${table('Durability by server', columns, rows)}`}`,
  );
}
