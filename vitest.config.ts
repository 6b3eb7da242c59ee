import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The longest begins at once, beside what asks little of the machine, so that it never stands beside the other suites of
 * whole ensembles: four of them at a time are more than two cores carry.
 */
const turns: readonly RegExp[] = [
  /suites\/conformance\.server/,
  /(?<!\.server)\.test\.ts$/,
  /(?<!\/suites\/[^/]*)\.server\.test\.ts$/,
  /suites\/containers\.server/,
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const turn = ({ moduleId }: TestSpecification) =>
      [...turns, /./].findIndex((pattern) => pattern.test(moduleId));
    return sorted.sort((a, b) => turn(a) - turn(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seeded.ts'],
    // Server tests start JVMs: two files at once is what two cores carry.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A last resort: what takes a second here may take a minute on a machine that others use too.
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
