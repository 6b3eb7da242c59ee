import { defineRecipe } from '../recipe.ts';
import { configTree } from '../recipe-tree.ts';

/** One turn in so many pushes the next version. */
const pushEvery = 8;

/**
 * Configuration push: one node, numbered versions, everybody watches it and notes in a node of its own what it applied.
 * A new session may meet a server that lags, so what is older than what was applied is left alone; and a push names the
 * version it replaces. Wrong: it does not, so two pushes may replace the same one.
 */
export const config = defineRecipe({
  name: 'config',
  about: 'clients push numbered versions of a configuration and apply those of the others',
  mistake: 'a push does not say which version it replaces',
  nodes: [configTree.current, configTree.applied],
  rules: ['config', 'watches'],
  play({ name, random, wrong }) {
    let known = { number: 0, version: 0 };
    let applied = 0;
    let hasNode = false;
    return async (tree) => {
      const node = `${configTree.applied}/${name}`;
      if (!hasNode) {
        const { outcome } = await tree.create(node, '0');
        hasNode = outcome === 'ok' || outcome === 'fail';
      } else if (random.int(1, pushEvery) === 1) {
        await tree.setData(configTree.current, `${known.number + 1}`, wrong ? -1 : known.version);
      } else {
        const { value, stat } = await tree.getData(configTree.current, true);
        if (!stat) return;
        known = { number: Number(value), version: stat.version };
        if (known.number <= applied) return;
        const { outcome } = await tree.setData(node, `${known.number}`);
        if (outcome === 'ok') applied = known.number;
      }
    };
  },
});
