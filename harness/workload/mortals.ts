import { createModes } from '../client/requests.ts';
import type { OwnTree } from './own-tree.ts';
import { defineRecipe, type Player } from './recipe.ts';

/** TTL nodes hold their TTL in ms as text, which is how the rule knows it. */
const ttlMs = 1500;
/** Writes to a TTL node before it is left alone. */
const writesMax = 3;

/** A node that nobody deletes: clients use it and then wait until it is gone. */
interface Mortal {
  path: string;
  kind: 'container' | 'ttl';
  step: number;
}

/** One request of each; true when the node is gone and another one may follow. */
const steps: Record<Mortal['kind'], (tree: OwnTree, mortal: Mortal) => Promise<boolean>> = {
  async container(tree, mortal) {
    const child = `${mortal.path}/child`;
    if (mortal.step === 0)
      return done(mortal, await tree.create(mortal.path, '', { mode: createModes.container }));
    if (mortal.step === 1) return done(mortal, await tree.create(child, ''));
    if (mortal.step === 2) return done(mortal, await tree.delete(child));
    return (await tree.exists(mortal.path)).outcome === 'fail';
  },
  async ttl(tree, mortal) {
    const mode = createModes.persistentTtl;
    if (mortal.step === 0) return done(mortal, await tree.create(mortal.path, `${ttlMs}`, { mode, ttlMs }));
    if (mortal.step <= writesMax) return done(mortal, await tree.setData(mortal.path, `${ttlMs}`));
    return (await tree.exists(mortal.path)).outcome === 'fail';
  },
};

function done(mortal: Mortal, { outcome }: { outcome: string }): boolean {
  if (outcome !== 'notSent') mortal.step++;
  return false;
}

/** The kinds of nodes that the leader itself deletes when nobody uses them. */
export const mortals = defineRecipe({
  name: 'mortals',
  about: 'container and TTL nodes that are used, left alone, and waited for until they are gone',
  nodes: ['/mortals'],
  rules: ['mortal-nodes'],
  since: {
    release: '3.5.3',
    reason: 'releases before 3.5.3 have no TTL nodes, and before 3.5.1 no containers',
  },
  play({ name, random }: Player) {
    const own: Mortal[] = [];
    let count = 0;
    return async (tree) => {
      if (own.length < 6) {
        const kind = random.pick(['container', 'ttl'] as const);
        own.push({ path: `/mortals/${name}-${++count}`, kind, step: 0 });
      }
      const mortal = random.pick(own);
      if (await steps[mortal.kind](tree, mortal)) own.splice(own.indexOf(mortal), 1);
    };
  },
});
