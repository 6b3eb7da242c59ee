import * as z from 'zod';

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
    'all',
  ]),
  z.array(z.int().min(1)).min(1).describe('server ids'),
]);
export type Target = z.infer<typeof targetSchema>;

/** One fault as a scenario names it; `params` are checked by the fault's own schema. */
const faultCallSchema = z.strictObject({
  fault: z.string(),
  target: targetSchema,
  params: z.record(z.string(), z.unknown()).default({}),
});
export type FaultCall = z.infer<typeof faultCallSchema>;

/** What starts a step. Counted from the end of the step before. */
const anchorSchema = z.union([
  z.strictObject({ afterMs: z.int().min(0), jitterMs: z.int().min(0).default(0) }),
  z.strictObject({ acked: z.int().min(1).describe('writes acknowledged since the step before') }),
  z.strictObject({ log: z.string().describe('regular expression'), sid: z.int().min(1).optional() }),
]);
export type Anchor = z.infer<typeof anchorSchema>;

/** Faults that are open together: injected in order, held, healed in reverse order. */
export const stepSchema = z.strictObject({
  when: anchorSchema.default({ afterMs: 500, jitterMs: 500 }),
  faults: z.array(faultCallSchema).min(1),
  forMs: z.int().min(0).default(2000),
  /** Whether the ensemble must serve again before the next step begins. */
  gate: z.boolean().default(true),
});

/** The seeded schedule: what a scenario's steps become once every draw has been made. Stored as plan.json. */
export interface Plan {
  seed: number;
  steps: PlannedStep[];
}
export interface PlannedStep {
  index: number;
  when: Anchor;
  faults: FaultCall[];
  forMs: number;
  gate: boolean;
  /** Draws that target resolution takes ("follower", "any"), so that replay picks the same place in the same list. */
  draw: number;
}
