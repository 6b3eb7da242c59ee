import { configureGlobal } from 'fast-check';

/** One seed gives one row of examples: what passed passes again. `SEED=7 npx vitest run …` looks at others. */
configureGlobal({ seed: Number(process.env.SEED ?? 1) });
