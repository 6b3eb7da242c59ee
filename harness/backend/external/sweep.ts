import { sleep } from '../../base/clock.ts';
import { Trouble } from '../../base/trouble.ts';
import { errorName } from '../../client/errors.ts';
import { livenessOf } from '../../distribution/process-identity.ts';
import { isRunNodeName, makerOf, RunNode } from './run-node.ts';
import { type Reached, SteadySession } from './steady-session.ts';

export interface Swept {
  path: string;
  fate: 'removed' | 'alive' | 'not ours';
}

const askMs = 10_000;
/** A live run whose session expired puts its owner back within a fraction of this. */
const ownerlessMs = 3000;

type Liveness = Awaited<ReturnType<typeof livenessOf>>;

/**
 * Whether a run whose session has ended is dead, by what is known of its process. A process that is there may only have
 * been stopped for a while. One that is not there proves nothing: another machine may have the same name.
 */
const dead: Record<Liveness, boolean> = { alive: false, gone: true, elsewhere: true };

/** Removes the nodes of runs that are dead, below one parent; says what it found of each node that is called like one. */
export async function sweepRuns(reached: Reached, parent: string): Promise<Swept[]> {
  const session = new SteadySession(reached);
  try {
    const path = parent || '/';
    const { error, body } = await session.ask({ kind: 'getChildren', path, watch: false }, askMs);
    if (error !== 0) throw new Trouble(path, `cannot be listed (${errorName(error)})`, 'give --auth');
    const names = body!.children.filter(isRunNodeName).sort();
    return await Promise.all(names.map((name) => sweep(new RunNode(session, `${parent}/${name}`))));
  } finally {
    await session.close();
  }
}

async function sweep(node: RunNode): Promise<Swept> {
  const { path } = node;
  const data = await node.data();
  const maker = makerOf(data ?? null);
  if (maker === undefined) return { path, fate: 'not ours' };
  const isDead = async () => !(await node.hasOwner()) && dead[await livenessOf(maker)];
  if (!(await isDead())) return { path, fate: 'alive' };
  await sleep(ownerlessMs);
  if (!(await isDead())) return { path, fate: 'alive' };
  await node.remove();
  return { path, fate: 'removed' };
}
