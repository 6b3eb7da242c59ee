import type { Clock } from '../base/clock.ts';
import { never } from '../base/never.ts';
import { WaitedInVain } from '../base/wait.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { type Expectation, expectationInWords } from '../plan/expectation.ts';
import type { Role } from '../topology/roles.ts';
import { nodeName } from '../topology/topology.ts';
import type { Clients } from '../workload/clients.ts';
import type { Journal } from './journal.ts';
import { type Asked, statusesAgree } from './status.ts';

const lookEveryMs = 20;

/** What the servers say at one moment. */
interface Look {
  roles: Map<number, Role>;
  /** The only server that says it leads. */
  leader?: number;
  /** The epoch it leads in: the upper half of its last zxid. */
  epoch?: number;
}

/** How things stood before a step, and what servers have logged since. */
export interface Before {
  look: Look;
  lines: { sid: number; line: string }[];
  ackedWrites: number;
  /** Whom the step's faults hit, once they have. */
  victims: Set<number>;
  close(): void;
}

/** What is asked of the servers. */
export type Observed = Pick<Ensemble, 'sids' | 'members' | 'look' | 'onLine' | 'endedAlone'> & Asked;

export interface Watched {
  ensemble: Observed;
  clients: Pick<Clients, 'ackedWrites'>;
  journal: Pick<Journal, 'write'>;
  clock: Clock;
}

/** Remembers how things stand now; until it is closed it keeps every line the servers log. */
export async function takeBefore({ ensemble, clients }: Watched): Promise<Before> {
  const lines: Before['lines'] = [];
  const close = ensemble.onLine((sid, line) => void lines.push({ sid, line }));
  return {
    look: await lookAround(ensemble),
    lines,
    ackedWrites: clients.ackedWrites,
    victims: new Set(),
    close,
  };
}

/** One moment: whether it is so, and what was seen. `undefined`: this look says nothing. */
type Sight = { met: boolean; seen: string } | undefined;

/**
 * Looks until it is so, and then, for as long as it must stay so, that it does; journals what was seen. Servers that do
 * not answer in time say nothing: on a busy machine that is no observation.
 */
export async function expect(
  step: number,
  expectation: Expectation,
  before: Before,
  watched: Watched,
): Promise<void> {
  const outcome = await watch(expectation, before, watched);
  watched.journal.write({
    kind: 'expectation',
    step,
    what: expectationInWords(expectation),
    ...outcome,
  });
}

/** The same for what is waited for and not judged: throws WaitedInVain when it is not seen. */
export async function until(expectation: Expectation, before: Before, watched: Watched): Promise<void> {
  const { met, seen, tookMs } = await watch(expectation, before, watched);
  if (met) return;
  throw new WaitedInVain(
    `waited ${tookMs} ms to see that ${expectationInWords(expectation)}; last seen: ${seen}`,
  );
}

async function watch(
  expectation: Expectation,
  before: Before,
  watched: Watched,
): Promise<{ met: boolean; seen: string; tookMs: number }> {
  const { clock, clients } = watched;
  const begunNs = clock.nowNs();
  const msSince = (ns: number) => (clock.nowNs() - ns) / 1e6;
  let acked = clients.ackedWrites;
  let sinceNs: number | undefined;
  let last = 'nothing';
  let met = false;
  for (;;) {
    const sight = await lookFor(expectation, before, acked, watched);
    if (sight) last = sight.seen;
    if (sight?.met) {
      sinceNs ??= clock.nowNs();
      met = msSince(sinceNs) >= expectation.forMs;
      if (met) break;
    } else if (sight) {
      const broken = sinceNs !== undefined && !('writes' in expectation);
      sinceNs = undefined;
      // Answers that were on their way when a fault bit arrive after it: "none" begins anew with the last of them.
      acked = clients.ackedWrites;
      if (broken) break;
    }
    if (sinceNs === undefined && msSince(begunNs) > expectation.withinMs) break;
    await clock.sleep(lookEveryMs);
  }
  return { met, seen: last, tookMs: Math.round(((sinceNs ?? clock.nowNs()) - begunNs) / 1e6) };
}

async function lookFor(
  expectation: Expectation,
  { look: before, lines, victims }: Before,
  acked: number,
  { ensemble, clients }: Watched,
): Promise<Sight> {
  if ('writes' in expectation) {
    const more = clients.ackedWrites - acked;
    const seen =
      more === 0
        ? 'no write was acknowledged'
        : `${more} ${more === 1 ? 'write was' : 'writes were'} acknowledged`;
    return { met: expectation.writes === 'none' ? more === 0 : more > 0, seen };
  }
  if ('exited' in expectation) {
    const { exited: sid, log } = expectation;
    const how = ensemble.endedAlone(sid);
    if (how === undefined) return { met: false, seen: `${nodeName(sid)} runs` };
    const line = log === undefined ? '' : lineLike(lines, log, sid);
    return line === undefined
      ? { met: false, seen: `${how} without a line like /${log}/` }
      : { met: true, seen: line === '' ? how : `${how}: ${line}` };
  }
  if ('quiet' in expectation) {
    const line = lineLike(lines, expectation.quiet, expectation.sid);
    return { met: line === undefined, seen: line ?? 'no such line' };
  }
  if ('log' in expectation) {
    const line = lineLike(lines, expectation.log, expectation.sid);
    return { met: line !== undefined, seen: line ?? 'no such line' };
  }
  if ('status' in expectation) return statusesAgree(ensemble);
  const now = await lookAround(ensemble);
  if ('roles' in expectation) return fitRoles(expectation.roles, now, namesOf(ensemble, victims));
  if ('leader' in expectation) return fitLeader(expectation.leader, before, now);
  if ('epoch' in expectation) return fitEpoch(expectation.epoch, before, now);
  return never(expectation);
}

function lineLike(lines: Before['lines'], log: string, sid: number | undefined): string | undefined {
  const pattern = new RegExp(log);
  const found = lines.find((each) => (sid === undefined || each.sid === sid) && pattern.test(each.line));
  return found && `${nodeName(found.sid)}: ${found.line.slice(0, 300)}`;
}

/** The servers a key of `roles` stands for. */
function namesOf({ members }: Observed, victims: ReadonlySet<number>): (who: string) => number[] {
  return (who) => {
    if (who === 'victims') return [...victims];
    return who === 'others' ? members.filter((sid) => !victims.has(sid)) : [Number(who)];
  };
}

function fitRoles(
  wanted: Record<string, Role | Role[]>,
  { roles }: Look,
  serversOf: (who: string) => number[],
): Sight {
  const each = Object.entries(wanted).flatMap(([who, fit]) =>
    serversOf(who).map((sid) => ({ sid, fits: [fit].flat().includes(roles.get(sid)!) })),
  );
  const sids = each.map(({ sid }) => sid);
  const odd = each.filter(({ fits }) => !fits).map(({ sid }) => sid);
  const seen = rolesInWords(roles, sids);
  if (odd.length > 0 && odd.every((sid) => roles.get(sid) === 'silent')) return undefined;
  return { met: odd.length === 0 && each.length > 0, seen };
}

function fitLeader(
  wanted: Extract<Expectation, { leader: unknown }>['leader'],
  before: Look,
  now: Look,
): Sight {
  const { roles, leader } = now;
  const seen = rolesInWords(roles, [...roles.keys()]);
  const all = [...roles.values()];
  const silent = all.includes('silent');
  switch (wanted) {
    case 'any':
      return leader === undefined && silent ? undefined : { met: leader !== undefined, seen };
    case 'none':
      return all.every((role) => role === 'silent') ? undefined : { met: !all.includes('leader'), seen };
    case 'same':
      return leader === undefined && silent
        ? undefined
        : { met: leader !== undefined && leader === before.leader, seen };
    case 'other':
      return { met: leader !== undefined && leader !== before.leader, seen };
    default:
      return leader === undefined && silent ? undefined : { met: [wanted].flat().includes(leader!), seen };
  }
}

function fitEpoch(wanted: 'same' | 'new', before: Look, now: Look): Sight {
  if (now.epoch === undefined) return undefined;
  const seen = `epoch ${now.epoch} after ${before.epoch ?? 'none'}`;
  return { met: (now.epoch === before.epoch) === (wanted === 'same'), seen };
}

async function lookAround(ensemble: Observed): Promise<Look> {
  const looks = await Promise.all(ensemble.sids.map(async (sid) => ({ sid, ...(await ensemble.look(sid)) })));
  const roles = new Map(looks.map(({ sid, role }) => [sid, role]));
  const leaders = looks.filter(({ role }) => role === 'leader' || role === 'standalone');
  const [only] = leaders;
  if (leaders.length !== 1 || !only) return { roles };
  const epoch = only.zxid === undefined ? undefined : Number(BigInt(only.zxid) >> 32n);
  return { roles, leader: only.sid, ...(epoch !== undefined && { epoch }) };
}

function rolesInWords(roles: ReadonlyMap<number, Role>, sids: readonly number[]): string {
  return sids.map((sid) => `${nodeName(sid)} ${roles.get(sid) ?? 'unknown'}`).join(', ');
}
