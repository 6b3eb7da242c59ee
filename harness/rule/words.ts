import type { History } from '../history/history.ts';
import { formatZxid, opKinds, outcomes, type Zxid } from '../history/op.ts';
import { nodeName } from '../topology/topology.ts';
import { faultSpans } from './fault-spans.ts';
import type { Evidence } from './rule.ts';
import type { Finding } from './verdict.ts';

/** Findings a rule writes out; the rest is only counted. */
export const findingsMax = 20;

export const seconds = (ns: number) => `${(ns / 1e9).toFixed(3)} s`;
export const zxidText = (zxid: number) => formatZxid(zxid as Zxid);
export const count = (n: number, one: string, many = `${one}s`) =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

/** "a, b and c". */
export function listed(parts: readonly string[]): string {
  if (parts.length <= 1) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

export const serverNames = (sids: readonly number[]) => listed(sids.map(nodeName));

/** " on zk1"; nothing where a client does not tell which server answered it. */
export const onServer = ({ server }: History, row: number) =>
  server[row] === 0 ? '' : ` on ${nodeName(server[row]!)}`;

/** One operation in half a sentence: who, where, what, how it ended, when. */
export function opWords(history: History, row: number): string {
  const kind = opKinds[history.kind[row]!]!;
  const outcome = outcomes[history.outcome[row]!]!;
  const value = kind === 'setData' || kind === 'create' ? history.value(row) : null;
  const version = history.version[row]!;
  const what = [
    kind,
    history.paths[history.path[row]!]!,
    value === null ? '' : `"${clip(value)}"`,
    version >= 0 && kind !== 'connect' ? `at version ${version}` : '',
  ].filter((part) => part !== '');
  const at = onServer(history, row);
  const zxid = history.zxid[row]! > 0 ? `, zxid ${zxidText(history.zxid[row]!)}` : '';
  const end =
    outcome === 'ok' ? zxid : outcome === 'fail' ? `, error ${history.error[row]}${zxid}` : ', no answer';
  const times = `${seconds(history.invokedNs[row]!)} to ${seconds(history.returnedNs[row]!)}`;
  return `session ${history.session[row]}${at}: ${what.join(' ')}${end} (${times})`;
}

const clip = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** What was broken at that time, and who led. */
function circumstances({ journal, ledger }: Evidence, atNs: number): string {
  const open = faultSpans(journal).filter(
    ({ landedNs, healedNs }) => landedNs !== undefined && landedNs <= atNs && atNs < (healedNs ?? Infinity),
  );
  const faults = open.map(
    ({ fault, victims, landedNs }) => `${fault} of ${serverNames(victims)} since ${seconds(landedNs!)}`,
  );
  const reign = ledger.reigns.filter(({ establishedNs }) => establishedNs <= atNs).at(-1);
  const broken =
    faults.length === 0 ? 'No fault was open at that time' : `Open at that time: ${listed(faults)}`;
  const leader = reign
    ? `the last leader change before was at ${seconds(reign.establishedNs)}: ${nodeName(reign.leader)} in epoch ${reign.epoch}`
    : 'no leader is known from before';
  return `${broken}; ${leader}.`;
}

export interface Breached {
  rule: string;
  title: string;
  /** Sentences about the breach itself. */
  tell: string;
  atNs: number;
  rows?: readonly number[];
  servers?: readonly number[];
  zxids?: readonly number[];
  severity?: Finding['severity'];
}

/** A finding with the circumstances added; servers and zxids are those of its rows unless told. */
export function finding(evidence: Evidence, breached: Breached): Finding {
  const { history } = evidence;
  const { rule, title, tell, atNs, rows = [], severity = 'violation' } = breached;
  const servers = breached.servers ?? rows.map((row) => history.server[row]!).filter((sid) => sid > 0);
  const zxids = breached.zxids ?? rows.map((row) => history.zxid[row]!).filter((zxid) => zxid > 0);
  return {
    rule,
    severity,
    title,
    words: `${tell} ${circumstances(evidence, atNs)}`,
    atNs,
    ops: [...rows],
    servers: [...new Set(servers)],
    zxids: [...new Set(zxids)].map(zxidText),
  };
}

/** Writes out the first breaches and says how many there are. */
export function report<B>(
  breaches: readonly B[],
  write: (breach: B) => Finding,
): { findings: Finding[]; more: string } {
  const findings = breaches.slice(0, findingsMax).map(write);
  const { length } = breaches;
  if (length === 0) return { findings, more: '' };
  const shown = length > findingsMax ? `, the first ${findingsMax} are shown` : '';
  return { findings, more: `; ${count(length, 'breach', 'breaches')}${shown}` };
}
