import * as z from 'zod';
import { createModes } from '../client/requests.ts';
import { lockTree, numberOf } from './lock-tree.ts';
import { makeNodes } from './make-nodes.ts';
import type { OwnTree } from './own-tree.ts';
import { defineWorkload, type Turn } from './workload.ts';

const params = z.strictObject({
  clients: z.int().min(2).max(100).default(9),
  turnsPerSecond: z.int().min(1).max(10_000).default(60).describe('per client'),
  locks: z.int().min(1).max(100).default(3),
  sessionTimeoutMs: z.int().min(100).default(2000),
  deadlineMs: z.int().min(100).default(1500).describe('after which the outcome of an operation is unknown'),
  writes: z.int().min(1).max(1000).default(1).describe('under each lock'),
  wrong: z
    .boolean()
    .default(false)
    .describe('a holder does not check that it still has its session: shows that the rule turns red'),
});
type Params = z.output<typeof params>;

/** Where a client stands; all of it belongs to one session. */
interface Place {
  session: number;
  lock: string;
  /** What its node is called before the number; nobody else's begins like that. */
  prefix: string;
  /** Its node; undefined while it does not know whether it has one. */
  node: string | undefined;
  /** A write was answered since it asked for the node: if it is to be, then it is by now. */
  sure: boolean;
  step: 'queue' | 'wait' | 'write' | 'leave';
  /** Writes it still has to do under the lock. */
  writes: number;
}

/** The lock recipe of recipes.md: a sequential ephemeral each, the first holds the lock, everybody else watches the one before. */
export const locks = defineWorkload<Params>({
  name: 'locks',
  about: 'clients queue for locks with sequential ephemerals, and the holder writes to a node of its own',
  params,
  rules: ['locks', 'ephemerals', 'sequence-numbers', 'watches'],
  clients: ({ clients, turnsPerSecond, sessionTimeoutMs, deadlineMs }) => ({
    count: clients,
    turnsPerSecond,
    sessionTimeoutMs,
    deadlineMs,
  }),

  async setUp(tree, { locks: count }) {
    const names = Array.from({ length: count }, (_, i) => `/l${i}`);
    const below = Object.values(lockTree).flatMap((top) => [top, ...names.map((name) => top + name)]);
    await makeNodes(tree, ['/', ...below], '0');
  },

  client(index, random, { locks: count, writes, wrong }): Turn {
    let turns = 0;
    let place: Place | undefined;
    return async (tree) => {
      const keeps = wrong && place?.step === 'write';
      if (place?.session !== tree.session && !keeps) {
        const lock = `/l${random.int(0, count - 1)}`;
        const prefix = `c${index}-${++turns}-`;
        place = { session: tree.session, lock, prefix, node: undefined, sure: false, step: 'queue', writes };
      }
      if (place && (await steps[place.step](tree, place))) place = undefined;
    };
  },
});

/** One request or two of each step; true when the turn with the lock is over. */
const steps: Record<Place['step'], (tree: OwnTree, place: Place) => Promise<boolean>> = {
  async queue(tree, place) {
    const path = `${lockTree.locks}${place.lock}/${place.prefix}`;
    const { outcome, name } = await tree.create(path, '', { mode: createModes.ephemeralSequential });
    if (outcome === 'notSent' || outcome === 'fail') return false;
    place.node = name ?? undefined;
    place.sure = outcome === 'ok';
    place.step = 'wait';
    return false;
  },

  /** The list also tells whether a create without an answer was done. */
  async wait(tree, place) {
    const folder = lockTree.locks + place.lock;
    const { children } = await tree.getChildren(folder);
    if (children === null) return false;
    const queue = children.toSorted((a, b) => numberOf(a) - numberOf(b));
    const at = queue.findIndex((child) => child.startsWith(place.prefix));
    if (at < 0 && place.sure) return true;
    if (at < 0) {
      // Updates of a session are done in the order sent, so a create still on its way is behind this refusal no more.
      const { outcome } = await tree.delete(`${folder}/none`);
      place.sure = outcome === 'fail';
      return false;
    }
    place.node = `${folder}/${queue[at]}`;
    if (at === 0) place.step = 'write';
    else await tree.exists(`${folder}/${queue[at - 1]}`, true);
    return false;
  },

  async write(tree, place) {
    const token = numberOf(place.node ?? '');
    await tree.setData(lockTree.guarded + place.lock, `${token} ${place.prefix}`);
    if (--place.writes <= 0) place.step = 'leave';
    return false;
  },

  async leave(tree, place) {
    const { outcome } = await tree.delete(place.node ?? '');
    return outcome === 'ok' || outcome === 'fail';
  },
};
