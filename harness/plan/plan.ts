import * as z from 'zod';
import { actSchema } from './act.ts';
import { expectationSchema } from './expectation.ts';
import { startSchema } from './start.ts';

const ofBrokers = [
  'controller', // the broker that decides for all
  'broker', // one, drawn by the seed
  'brokers', // all
  'partition-leader', // the broker that leads the first partition of the records
  'in-sync-follower', // a broker that follows it, drawn by the seed
  'in-sync-followers', // all that follow it
] as const;
export const brokerTargets: readonly string[] = ofBrokers;

/** Who is hit. Roles are resolved at the instant of injection and the answer is journalled. */
const targetSchema = z.union([
  z.enum([
    'leader',
    'follower', // one, drawn by the seed
    'followers', // all
    'observer',
    'observers',
    'highest-sid',
    'lowest-sid',
    'any', // one voter, drawn by the seed
    'minority', // as many voters as the ensemble can lose and still have a quorum, the leader not among them
    'minority-with-leader',
    'majority', // as few voters as must be lost to have no quorum left, the leader not among them
    'majority-with-leader',
    'all', // servers of ZooKeeper
    ...ofBrokers,
  ]),
  z
    .array(z.union([z.int().min(1), z.string().regex(/^kafka[1-5]$/, 'must be a broker, as kafka1')]))
    .min(1)
    .describe('server ids, and names of brokers'),
  z
    .strictObject({ on: z.string(), role: z.enum(['leader', 'follower']).optional() })
    .describe(
      'one voter that runs this release (in this role), drawn by the seed: who is next in an upgrade',
    ),
]);
export type Target = z.infer<typeof targetSchema>;
export type ByRelease = Extract<Target, { on: string }>;

export function targetInWords(target: Target): string {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.join(', ');
  return `${target.role ?? 'any'} on ${target.on}`;
}

/** One fault as a scenario names it; `params` are checked by the fault's own schema. */
const faultCallSchema = z.strictObject({
  fault: z.string(),
  target: targetSchema,
  params: z.record(z.string(), z.unknown()).default({}),
});
export type FaultCall = z.infer<typeof faultCallSchema>;

/** Something to wait for. Counted from the end of the step before; in `until`, from before the step's own faults. */
const anchorSchema = z.union([
  z.strictObject({ afterMs: z.int().min(0), jitterMs: z.int().min(0).default(0) }),
  z.strictObject({ acked: z.int().min(1).describe('writes acknowledged since the step before') }),
  z.strictObject({
    log: z.string().describe('regular expression'),
    sid: z.int().min(1).optional(),
    orAfterMs: z.int().min(1).optional().describe('the step begins then without such a line, too'),
  }),
  z.strictObject({
    seen: expectationSchema.describe('as in `expect`; the step waits for it instead of judging it'),
  }),
]);
export type Anchor = z.infer<typeof anchorSchema>;

/** One thing, or several, each waited for when the one before it has come. */
const anchorsSchema = z.union([anchorSchema, z.array(anchorSchema).min(1)]);
export type Anchors = z.infer<typeof anchorsSchema>;
export const anchorsOf = (anchors: Anchors): Anchor[] => [anchors].flat();

/**
 * One step: heal what earlier steps kept open, start servers, inject faults (open together, in this order), have a
 * client act, look at what is expected, hold (until something is seen, then for a time), heal in reverse order, and look again.
 */
export const stepSchema = z.strictObject({
  when: anchorsSchema.default({ afterMs: 500, jitterMs: 500 }),
  heal: z.array(z.string()).optional().describe('faults kept open by earlier steps, by their names'),
  start: z.array(startSchema).optional().describe('servers that do not run'),
  faults: z.array(faultCallSchema).default([]),
  keep: z.string().optional().describe('name under which the faults stay open until a later step heals them'),
  client: actSchema.optional().describe('what one client does while the faults are open'),
  expect: z.array(expectationSchema).optional().describe('while the faults are open'),
  until: anchorsSchema.optional().describe('what the faults stay open for, before forMs begins'),
  forMs: z.int().min(0).default(2000),
  /** Whether the ensemble must serve again before the next step begins. */
  gate: z.boolean().default(true),
  after: z.array(expectationSchema).optional().describe('once the faults are healed and the gate is passed'),
});
export type Step = z.infer<typeof stepSchema>;

/** A step before there are clients: servers come up, and what they make of each other is looked at. */
export const formationStepSchema = stepSchema.extend({
  when: anchorsSchema.default({ afterMs: 0, jitterMs: 0 }),
  forMs: z.int().min(0).default(0),
  gate: z.literal(false).default(false),
});

/** The seeded schedule: what a scenario's steps become once every draw has been made. Stored as plan.json. */
export interface Plan {
  seed: number;
  /** Before there are clients. */
  formation?: PlannedStep[];
  steps: PlannedStep[];
}
export interface PlannedStep extends Step {
  /** Counted through formation and steps. */
  index: number;
  /** Draws that target resolution takes ("follower", "any"), so that replay picks the same place in the same list. */
  draw: number;
}
