import type { History } from '../../history/history.ts';
import { type OpKind, opKinds, outcomes } from '../../history/op.ts';
import type { Topology } from '../../topology/topology.ts';
import { orderedRefusals } from './refusals.ts';

/**
 * What each row is for the order of a session and of all transactions. Each is also all that is less: `nothing` was never
 * asked of a server (connects, events, requests not sent), `asked` has no answer that shows a state, an `answer` shows
 * which state the server was in, and the zxid of a `write` is that of its own transaction, applied or refused.
 */
export type Roles = Uint8Array;
export const nothing = 0;
const asked = 1;
export const answer = 2;
export const write = 3;

const unasked: ReadonlySet<OpKind> = new Set(['connect', 'expired', 'event']);
/** Operations that are a transaction of their own. */
const writes: ReadonlySet<OpKind> = new Set(['create', 'delete', 'setData', 'setACL', 'multi', 'close']);

const [ok, fail, notSent] = (['ok', 'fail', 'notSent'] as const).map((each) => outcomes.indexOf(each));
const isAsked = Uint8Array.from(opKinds, (kind) => Number(!unasked.has(kind)));
const isWrite = Uint8Array.from(opKinds, (kind) => Number(writes.has(kind)));

const close = opKinds.indexOf('close');

/**
 * Where sessions are local (zoo.cfg `localSessionsEnabled`, 3.5.0 and later) the end of one is no transaction, and its
 * answer has the zxid the server was at. One that an ephemeral node has made global cannot be told from it.
 */
export function rolesOf(history: History, topology?: Pick<Topology, 'settings'>): Roles {
  const localSessions = topology?.settings.localSessionsEnabled === 'true';
  const roles = new Uint8Array(history.length);
  const { kind: kinds, outcome: outcomeOf, error, zxid } = history;
  for (let row = 0; row < roles.length; row++) {
    const kind = kinds[row]!;
    const outcome = outcomeOf[row];
    if (isAsked[kind] === 0 || outcome === notSent) continue;
    if (zxid[row]! <= 0 || (outcome !== ok && outcome !== fail)) roles[row] = asked;
    else if (isWrite[kind] === 0 || (localSessions && kind === close)) roles[row] = answer;
    else roles[row] = outcome === ok || orderedRefusals.has(error[row]!) ? write : answer;
  }
  return roles;
}
