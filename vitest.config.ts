import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Server tests start JVMs: two files at once is what two cores carry.
    maxWorkers: 2,
    // A last resort: what takes a second here may take a minute on a machine that others use too.
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
