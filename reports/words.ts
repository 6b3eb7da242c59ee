import { never } from '../harness/base/never.ts';
import { anyVersion, formatZxid, type Op } from '../harness/history/op.ts';
import { actInWords } from '../harness/plan/act.ts';
import { expectationInWords } from '../harness/plan/expectation.ts';
import {
  type Anchor,
  type Anchors,
  anchorsOf,
  type PlannedStep,
  type Target,
  targetInWords,
} from '../harness/plan/plan.ts';
import { startInWords } from '../harness/plan/start.ts';
import type { JournalEntry, StepPart } from '../harness/run/journal-entry.ts';
import { isBroker, nodeOf } from '../harness/topology/brokers.ts';
import { nodeName } from '../harness/topology/topology.ts';
import { clip, duration, plural } from './format.ts';

const servers = (sids: readonly number[]) => (sids.length === 0 ? 'nobody' : sids.map(nodeName).join(', '));

/** One journal entry as a sentence without its time. */
export function journalInWords(entry: JournalEntry): string {
  switch (entry.kind) {
    case 'phase':
      return `phase ${entry.phase}`;
    case 'clock-ahead':
      return clockInWords(entry);
    case 'server-start':
      return `${nodeName(entry.sid)} started (${isBroker(entry.sid) ? 'Kafka' : 'ZooKeeper'} ${entry.version}${entry.pid === undefined ? '' : `, process ${entry.pid}`})`;
    case 'server-exit':
      return `${nodeName(entry.sid)} ended${entry.asked ? '' : ' by itself'} (${entry.signal ?? `exit code ${entry.code ?? 'unknown'}`})`;
    case 'server-found':
      return `${nodeName(entry.sid)} found at ${entry.address} (ZooKeeper ${entry.version})`;
    case 'serving':
      return servingInWords(entry);
    case 'not-serving': {
      const seen = Object.entries(entry.roles).map(([sid, role]) => `${nodeName(Number(sid))} ${role}`);
      return `not serving after ${duration(entry.waitedMs)}: ${seen.join(', ') || 'no server answered'}`;
    }
    case 'brokers-serving':
      return `${servers(entry.nodes)} serve, ${nodeName(entry.controller)} is controller`;
    case 'brokers-not-serving':
      return `brokers do not serve after ${duration(entry.waitedMs)}: ${entry.lacking}`;
    case 'fault-intent':
      return `about to inject ${entry.fault} on ${rolesInWords(entry.victims, entry.roles)} (asked for: ${askedFor(entry.call.target)}${paramsInWords(entry.call.params)})`;
    case 'fault-landed':
      return `${entry.fault} landed on ${servers(entry.victims)}${because(entry.proof)}`;
    case 'fault-missed':
      return `${entry.fault} missed ${servers(entry.victims)}: ${entry.reason}`;
    case 'fault-healing':
      return `healing ${entry.fault} on ${servers(entry.victims)}`;
    case 'fault-healed':
      return `${entry.fault} healed on ${servers(entry.victims)}${because(entry.proof)}`;
    case 'fault-stuck':
      return `${entry.fault} did not heal on ${servers(entry.victims)}: ${entry.reason}`;
    case 'expectation':
      return `expected that ${entry.what}: ${entry.met ? 'met' : 'not met'} after ${duration(entry.tookMs)} (${entry.seen})`;
    case 'step':
      return `step ${entry.step} ${stepParts[entry.part]}`;
    case 'note':
      return entry.text;
    default:
      return never(entry);
  }
}

function clockInWords({ aheadMs, withinMs }: Extract<JournalEntry, { kind: 'clock-ahead' }>): string {
  const same = Math.abs(aheadMs) <= withinMs;
  const by = `${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} ours`;
  return `the servers' clock is ${same ? 'ours' : by}, give or take ${duration(withinMs)}`;
}

const stepParts: Record<StepPart, string> = {
  waits: 'waits for its moment',
  acts: 'begins',
  holds: 'holds',
  ends: 'is held long enough',
};

function servingInWords({
  leader,
  followers,
  observers,
}: Extract<JournalEntry, { kind: 'serving' }>): string {
  if (leader === undefined && followers.length === 0) return 'serving; which server leads is not known';
  const leads = leader === undefined ? 'a server that was not named' : nodeName(leader);
  const observe = observers.length > 0 ? `, ${servers(observers)} observe` : '';
  return `serving: ${leads} leads, ${servers(followers)} follow${observe}`;
}

const because = (proof: readonly string[]) => (proof.length > 0 ? `: ${proof.join('; ')}` : '');

function rolesInWords(victims: readonly number[], roles: Record<string, string>): string {
  if (victims.length === 0) return 'nobody';
  return victims.map((sid) => `${nodeName(sid)} (${roles[sid] ?? 'role not known'})`).join(', ');
}

function askedFor(target: Target): string {
  return Array.isArray(target) ? servers(target.map(nodeOf)) : targetInWords(target);
}

function paramsInWords(params: Record<string, unknown>): string {
  const parts = Object.entries(params).map(([name, value]) => `${name} ${paramInWords(value)}`);
  return parts.length > 0 ? `, ${parts.join(', ')}` : '';
}

function paramInWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(paramInWords).join(' and ');
  return JSON.stringify(value);
}

/** When a planned step starts, as a half-sentence. */
export const anchorsInWords = (anchors: Anchors): string =>
  anchorsOf(anchors).map(anchorInWords).join(', then ');

function anchorInWords(anchor: Anchor): string {
  if ('afterMs' in anchor) {
    const jitter = anchor.jitterMs > 0 ? ` (plus up to ${duration(anchor.jitterMs)})` : '';
    return `after ${duration(anchor.afterMs)}${jitter}`;
  }
  if ('acked' in anchor) return `after ${plural(anchor.acked, 'acknowledged write')}`;
  if ('seen' in anchor) return `when ${expectationInWords(anchor.seen)}`;
  return `when ${anchor.sid === undefined ? 'a server' : nodeName(anchor.sid)} logs /${anchor.log}/`;
}

/** "after 500 ms: kill on leader; expect that zk2 leads; held for 2 s; then wait until the ensemble serves". */
export function stepInWords(step: PlannedStep): string {
  const { heal = [], start = [], faults, keep, client, expect = [], until, forMs, gate, after = [] } = step;
  const calls = faults.map(
    ({ fault, target, params }) => `${fault} on ${askedFor(target)}${paramsInWords(params)}`,
  );
  const parts = [
    heal.length > 0 ? `heal ${heal.join(' and ')}` : '',
    start.length > 0 ? `start ${start.map(startInWords).join(', ')}` : '',
    calls.join(' and '),
    client === undefined ? '' : actInWords(client),
    ...expect.map((each) => `expect that ${expectationInWords(each)}`),
    until === undefined ? '' : `hold ${anchorsInWords(until)}`,
    forMs > 0 ? `hold for ${duration(forMs)}` : '',
    keep === undefined ? '' : `keep it open as "${keep}"`,
    gate ? 'then wait until the ensemble serves' : '',
    ...after.map((each) => `expect that ${expectationInWords(each)}`),
  ].filter((part) => part !== '');
  return `${anchorsInWords(step.when)}: ${parts.join('; ')}`;
}

/** Request and answer of an operation, each short enough for a table cell. */
export function opInWords(op: Op): { request: string; answer: string } {
  const value = op.value === null ? '' : ` ${JSON.stringify(clip(op.value, 60))}`;
  const version = op.version === anyVersion || op.kind === 'connect' ? '' : ` if version ${op.version}`;
  const written = op.kind === 'getData' ? '' : value;
  const node = op.path === '' ? '' : ` ${op.path}`;
  return { request: `${op.kind}${node}${written}${version}`, answer: answerInWords(op) };
}

function answerInWords(op: Op): string {
  switch (op.outcome) {
    case 'ok':
      return okInWords(op);
    case 'fail':
      return `refused: ${errorInWords(op.error)}`;
    case 'unknown':
      return `no answer (${errorInWords(op.error)})`;
    case 'notSent':
      return 'never sent';
    default:
      return never(op.outcome);
  }
}

function okInWords(op: Op): string {
  const parts = ['ok'];
  if (op.kind === 'getData') parts.push(op.value === null ? 'no data' : JSON.stringify(clip(op.value, 60)));
  if (op.result !== null && op.result !== op.path) parts.push(clip(op.result, 80));
  if (op.stat) parts.push(`version ${op.stat.version}, mzxid ${formatZxid(op.stat.mzxid)}`);
  return parts.join(', ');
}

/** Names of KeeperException.Code in ZooKeeper, for the codes a client meets. */
const errorNames: Record<number, string> = {
  [-2]: 'DataInconsistency',
  [-4]: 'connection lost',
  [-5]: 'MarshallingError',
  [-6]: 'Unimplemented',
  [-7]: 'deadline passed',
  [-8]: 'BadArguments',
  [-101]: 'NoNode',
  [-102]: 'NoAuth',
  [-103]: 'BadVersion',
  [-108]: 'NoChildrenForEphemerals',
  [-110]: 'NodeExists',
  [-111]: 'NotEmpty',
  [-112]: 'SessionExpired',
  [-113]: 'InvalidCallback',
  [-114]: 'InvalidACL',
  [-115]: 'AuthFailed',
  [-118]: 'SessionMoved',
  [-119]: 'NotReadOnly',
  [-122]: 'RequestTimeout',
  [-125]: 'QuotaExceeded',
  [-127]: 'Throttled',
};

function errorInWords(code: number): string {
  return errorNames[code] ?? `error ${code}`;
}
