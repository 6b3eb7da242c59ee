import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      // They share nothing but code: loading it once a worker, not once a file, saves two minutes of two cores.
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.server.test.ts'],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'server', include: ['test/**/*.server.test.ts'] } },
    ],
    // Server tests start JVMs: two files at once is what two cores carry.
    maxWorkers: 2,
    // A last resort: what takes a second here may take a minute on a machine that others use too.
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
