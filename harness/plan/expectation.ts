import * as z from 'zod';
import { type Role, roles } from '../topology/roles.ts';

/** `victims`: those the step's faults hit; `others`: all who are to serve but them. */
const who = z.string().regex(/^([1-9]\d*|victims|others)$/, 'must be a server id, "victims" or "others"');
const pattern = z.string().refine((text) => isPattern(text), 'must be a regular expression');

/** Shorter than that, clients at work may have nothing on the way. */
const silenceMsMin = 500;

const common = {
  /** Longest wait until it is so; long enough for servers that start on a busy machine. */
  withinMs: z.int().min(0).default(45_000),
  /** It must stay so for this long once it is. */
  forMs: z.int().min(0).default(0),
};

/**
 * Something that must be seen on the servers or by the clients at this point of a scenario. One that is not seen is a
 * violation of the rule `expectations`, so what is expected must be a law, and `withinMs` far above what it takes.
 */
export const expectationSchema = z.union([
  z
    .strictObject({
      roles: z.record(who, z.union([z.enum(roles), z.array(z.enum(roles)).min(1)])),
      ...common,
    })
    .describe('what servers say they are, all at the same moment'),
  z
    .strictObject({
      leader: z.union([
        z.int().min(1),
        z.array(z.int().min(1)).min(1),
        z.enum(['same', 'other', 'any', 'none']),
      ]),
      ...common,
    })
    .describe(
      'who leads: a server, one of several, the one from before the step, another one, anyone, nobody',
    ),
  z
    .strictObject({ epoch: z.enum(['same', 'new']), ...common })
    .describe('whether the leader leads in the epoch from before the step'),
  z
    .strictObject({ writes: z.enum(['acknowledged', 'none']), ...common })
    .refine(({ writes, forMs }) => writes !== 'none' || forMs >= silenceMsMin, {
      path: ['forMs'],
      message: `"none" is seen only over time: at least ${silenceMsMin}`,
    })
    .describe('whether clients have writes acknowledged; "none" is held for forMs'),
  z
    .strictObject({ status: z.literal('agrees'), ...common })
    .describe('srvr, stat, mntr, ruok and the AdminServer (where it is on) tell the same of every server'),
  z
    .strictObject({ log: pattern, sid: z.int().min(1).optional(), ...common })
    .describe('a line some server (or this one) has logged since the step began'),
  z
    .strictObject({ quiet: pattern, sid: z.int().min(1).optional(), ...common })
    .describe('no line like this has been logged since the step began'),
  z
    .strictObject({ exited: z.int().min(1), log: pattern.optional(), ...common })
    .describe('a server ended by itself, having logged a line since the step began'),
]);
export type Expectation = z.infer<typeof expectationSchema>;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** "zk3 is leader, zk1 is electing". */
export function expectationInWords(expectation: Expectation): string {
  const held = expectation.forMs > 0 ? ` for ${expectation.forMs / 1000} s` : '';
  return `${whatInWords(expectation)}${held}`;
}

function whatInWords(expectation: Expectation): string {
  if ('roles' in expectation) return rolesInWords(expectation.roles);
  if ('leader' in expectation) return leaderInWords(expectation.leader);
  if ('epoch' in expectation) {
    return expectation.epoch === 'same' ? 'the epoch stays the same' : 'there is a new epoch';
  }
  if ('writes' in expectation) {
    return expectation.writes === 'none' ? 'no write is acknowledged' : 'writes are acknowledged';
  }
  if ('status' in expectation) return 'srvr, stat, mntr, ruok and AdminServer agree on every server';
  if ('exited' in expectation) {
    const said = expectation.log === undefined ? '' : ` after logging /${expectation.log}/`;
    return `zk${expectation.exited} ends by itself${said}`;
  }
  const server = expectation.sid === undefined ? undefined : `zk${expectation.sid}`;
  if ('quiet' in expectation)
    return `${server ?? 'no server'} ${server ? 'does not log' : 'logs'} /${expectation.quiet}/`;
  return `${server ?? 'a server'} logs /${expectation.log}/`;
}

function rolesInWords(wanted: Record<string, Role | Role[]>): string {
  return Object.entries(wanted)
    .map(([id, role]) => {
      const server = /^\d/.test(id)
        ? `zk${id} is`
        : id === 'victims'
          ? 'whoever was hit is'
          : 'everybody else is';
      return `${server} ${[role].flat().join(' or ')}`;
    })
    .join(', ');
}

const leaders = {
  same: 'the same server leads as before',
  other: 'another server leads than before',
  any: 'a server leads',
  none: 'no server leads',
};
const leaderInWords = (leader: number | number[] | keyof typeof leaders) =>
  typeof leader === 'string'
    ? leaders[leader]
    : `${[leader]
        .flat()
        .map((sid) => `zk${sid}`)
        .join(' or ')} leads`;
