import type { Sent } from '../../harness/history/records.ts';
import { nodeName } from '../../harness/topology/topology.ts';
import type { Consequences } from '../brokers/consequences.ts';
import type { Registration, Span } from '../brokers/metadata.ts';
import { lateMs } from '../brokers/records.ts';
import { victimsInWords } from '../faults.ts';
import { count, duration, plural } from '../format.ts';
import { outageMs } from '../outages.ts';
import type { ScenarioReport } from '../report.ts';
import { type Html, html, type Part } from './html.ts';
import { moment, none, section, table } from './parts.ts';

/** From a fault in either layer to the records, and how long each layer was not there. */
export function brokersSection(scenario: ScenarioReport): Html | undefined {
  const { brokers } = scenario;
  if (!brokers) return undefined;
  return section(
    scenario,
    'brokers',
    'From faults to records',
    html`<p class="muted">What came after each fault was begun, until the next one was; times in brackets are since it had landed: registrations, controllers and leaders from ZooKeeper's transaction logs, records as their clients saw them. A record is late after ${duration(lateMs)}.</p>
${brokers.consequences.length > 0 ? chain(scenario, brokers.consequences) : html`<p>No fault landed.</p>`}
<h4>Unavailable, by layer</h4>
${layers(scenario)}`,
  );
}

function chain(scenario: ScenarioReport, consequences: readonly Consequences[]): Html {
  const columns = [
    'fault',
    'ZooKeeper without writes',
    'sessions of brokers that ended',
    'controller',
    'partitions led by',
    'without an acknowledged record',
    'records',
  ].map((name) => ({ name }));
  const rows = consequences.map((each): Part[] => {
    const { fault, landedNs } = each;
    const after = (ns: number) =>
      html`${moment(scenario, ns)} <span class="muted">(${ns < landedNs ? '−' : '+'}${duration(Math.abs(ns - landedNs) / 1e6)})</span>`;
    const spanned = ({ fromNs, toNs }: Span) =>
      html`${moment(scenario, fromNs, toNs)} <span class="muted">for</span> ${duration((toNs - fromNs) / 1e6)}`;
    return [
      html`${moment(scenario, landedNs, fault.healedNs)} ${fault.fault} ${victimsInWords(fault)}`,
      lines(each.writeless.map(spanned)),
      lines(each.sessions.map(({ node, toNs }) => html`${nodeName(node)} ${after(toNs)}`)),
      lines(
        each.controllers.map(
          ({ node, epoch, fromNs }) => html`${nodeName(node)}, epoch ${epoch ?? '?'} ${after(fromNs)}`,
        ),
      ),
      lines(
        each.leaders.map(
          ({ partition, leader, fromNs }) =>
            html`${partition}: ${leader === undefined ? html`<strong>nobody</strong>` : nodeName(leader)} ${after(fromNs)}`,
        ),
      ),
      lines(each.quiet.map((span) => html`${span.partition}: ${spanned(span)}`)),
      lines(recordsOf(scenario, each)),
    ];
  });
  return table('What came after each fault', columns, rows);
}

const lines = (all: readonly Html[]): Part =>
  all.length > 0 ? all.map((each) => html`<div>${each}</div>`) : none;

function recordsOf(
  scenario: ScenarioReport,
  { late, refused, unknown, lost, transactions }: Consequences,
): Html[] {
  const told = (sent: readonly Sent[], words: string) =>
    sent.length === 0
      ? []
      : [html`${count(sent.length)} ${words} ${moment(scenario, firstOf(sent), lastOf(sent))}`];
  const longest = Math.max(0, ...late.map(({ invokedNs, returnedNs }) => returnedNs - invokedNs));
  return [
    ...told(late, `late, up to ${duration(longest / 1e6)}, from`),
    ...told(refused, 'refused from'),
    ...told(unknown, 'without an answer from'),
    ...(transactions.length === 0
      ? []
      : [html`${plural(transactions.length, 'transaction')} not as asked for`]),
    ...told(lost, 'acknowledged and lost, from').map((each) => html`<strong class="bad">✘ ${each}</strong>`),
  ];
}

const firstOf = (sent: readonly Sent[]) => Math.min(...sent.map(({ invokedNs }) => invokedNs));
const lastOf = (sent: readonly Sent[]) => Math.max(...sent.map(({ returnedNs }) => returnedNs));

function layers(scenario: ScenarioReport): Html {
  const { brokers, outages, endNs } = scenario;
  const { nodes, metadata, partitions } = brokers!;
  const row = (layer: Part, what: Part, spans: readonly Span[], more: Part = none): Part[] => {
    const lengths = spans.map(({ fromNs, toNs }) => (toNs - fromNs) / 1e6);
    const longest = spans[lengths.indexOf(Math.max(...lengths))];
    return [
      layer,
      what,
      count(spans.length),
      spans.length > 0 ? duration(lengths.reduce((sum, each) => sum + each, 0)) : none,
      longest
        ? html`${duration(Math.max(...lengths))} <span class="muted">from</span> ${moment(scenario, longest.fromNs, longest.toNs)}`
        : none,
      more,
    ];
  };
  const rows = [
    row('ZooKeeper', `no write acknowledged for more than ${duration(outageMs)}`, outages),
    ...nodes.map((node) =>
      row(
        'brokers',
        `${nodeName(node)} not registered`,
        absences(
          metadata.registrations.filter((each) => each.node === node),
          endNs,
        ),
      ),
    ),
    row('brokers', 'no controller', absences(metadata.controllers, endNs)),
    ...partitions.flatMap(({ partition, quiet, acknowledged, late, refused, unknown, lost }) => {
      const leaderless = metadata.leaders.filter(
        (each) => each.partition === partition && each.leader === undefined,
      );
      const figures = `${count(acknowledged)} acknowledged (${count(late.length)} late), ${count(refused.length)} refused, ${count(unknown.length)} without an answer`;
      const gone =
        lost === undefined
          ? 'not read at the end'
          : lost.length > 0 && html`<strong class="bad">✘ ${count(lost.length)} lost</strong>`;
      return [
        row(partition, 'nobody leads', leaderless),
        row(
          partition,
          `no record acknowledged for more than ${duration(lateMs)}`,
          quiet,
          html`${figures}${gone && html`, ${gone}`}`,
        ),
      ];
    }),
  ];
  const columns = [
    { name: 'layer' },
    { name: 'what' },
    { name: 'times', numeric: true },
    { name: 'in all', numeric: true },
    { name: 'longest', numeric: true },
    { name: 'records' },
  ];
  return table('Unavailability by layer and partition', columns, rows);
}

/** Between one stretch and the next, and behind the last where that was ended. */
function absences(spans: readonly Registration[], endNs: number): Span[] {
  return spans.flatMap(({ ended, toNs }, i) =>
    ended ? [{ fromNs: toNs, toNs: spans[i + 1]?.fromNs ?? endNs }] : [],
  );
}
