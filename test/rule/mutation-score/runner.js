import { readdirSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A test runner for StrykerJS that loads the tests of the rules once and then only switches mutants on and off, in the
 * same process: a mutant costs the tests that reach it, no start of node or vitest, no import.
 *
 * @typedef {{ activeMutant?: string, currentTestId?: string, hitCount?: number, hitLimit?: number,
 *   mutantCoverage?: { static: object, perTest: object } }} Switches What the instrumented code reads and writes.
 * @typedef {{ id: string, body: () => unknown }} Test
 * @typedef {{ activeMutant: { id: string, fileName: string }, testFilter?: string[], hitLimit?: number,
 *   mutantActivation: 'runtime' | 'static' }} MutantRun
 */

/** Their tables are planted smaller (planted.ts), or what they test is not what a rule decides. */
const leftOut = ['mutation.test.ts', 'no-false-alarm.test.ts', 'docs.test.ts', 'core.test.ts'];
/** Repetitions of a property or of a planted lie, for test/rule/enough.ts: a survivor costs them all. */
const repetitionsMax = 3;
/** Stryker allows a mutant a hundred times the visits of all tests together; one that loops needs no such patience. */
const patience = 0.03;

const globals = /** @type {{ __stryker__?: Switches }} */ (globalThis);
globals.__stryker__ ??= {};
const switches = globals.__stryker__;

class InProcess {
  /** @type {Test[]} */
  tests = [];
  /** Kills of each test by file: who killed last in a file is asked first in the next mutant of it.
   * @type {Map<string, number>} */
  kills = new Map();
  /** What each test took last, in milliseconds: of those that never killed the cheap ones are asked first.
   * @type {Map<string, number>} */
  tookMs = new Map();

  capabilities() {
    // Static mutants are left out by the configuration, so nothing ever has to be loaded again.
    return { reloadEnvironment: true };
  }

  /** Loads the copies in Stryker's sandbox, which is the working directory. */
  async init() {
    const folder = join(process.cwd(), 'test', 'rule');
    /** @param {string[]} path */
    const load = (...path) => import(pathToFileURL(join(folder, ...path)).href);
    process.env.TEST_REPETITIONS_MAX = String(repetitionsMax);
    register(pathToFileURL(join(folder, 'mutation-score', 'resolve.js')));
    const { default: check } = await import('fast-check');
    check.configureGlobal({ seed: 1, endOnFailure: true });
    await load('mutation-score', 'planted.ts');
    const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && !leftOut.includes(name));
    for (const name of files.sort()) await load(name);
    /** @type {{ collected: { name: string, body: () => unknown }[] }} */
    const { collected } = await load('mutation-score', 'vitest.ts');
    this.tests = collected.map(({ name, body }, at) => ({ id: `${at} ${name}`, body }));
  }

  async dryRun() {
    const tests = [];
    for (const { id, body } of this.tests) {
      switches.currentTestId = id;
      const { failureMessage, timeSpentMs } = await this.run(id, body);
      const outcome = failureMessage === undefined ? { status: 0 } : { status: 1, failureMessage };
      tests.push({ id, name: id, timeSpentMs, ...outcome });
    }
    delete switches.currentTestId;
    return { status: 'complete', tests, mutantCoverage: switches.mutantCoverage };
  }

  /** @param {MutantRun} run */
  async mutantRun({ activeMutant: { id: mutant, fileName }, testFilter, hitLimit, mutantActivation }) {
    if (mutantActivation === 'static') throw new Error('static mutants need ignoreStatic: true');
    const wanted = testFilter && new Set(testFilter);
    const killsOf = (/** @type {Test} */ { id }) => this.kills.get(`${fileName} ${id}`) ?? 0;
    const tests = this.tests.filter(({ id }) => wanted?.has(id) ?? true);
    const costOf = (/** @type {Test} */ { id }) => this.tookMs.get(id) ?? 0;
    tests.sort((a, b) => killsOf(b) - killsOf(a) || costOf(a) - costOf(b));
    const visitsMax = hitLimit === undefined ? Infinity : hitLimit * patience;
    for (const [at, { id, body }] of tests.entries()) {
      Object.assign(switches, { activeMutant: mutant, hitCount: 0, hitLimit: visitsMax });
      const { failureMessage } = await this.run(id, body);
      delete switches.activeMutant;
      if ((switches.hitCount ?? 0) > visitsMax) return { status: 'timeout', reason: 'hit limit' };
      if (failureMessage === undefined) continue;
      this.kills.set(`${fileName} ${id}`, (this.kills.get(`${fileName} ${id}`) ?? 0) + 1);
      return { status: 'killed', killedBy: [id], failureMessage, nrOfTests: at + 1 };
    }
    return { status: 'survived', nrOfTests: tests.length };
  }

  /**
   * @param {string} id
   * @param {() => unknown} body
   * @returns {Promise<{ failureMessage: string | undefined, timeSpentMs: number }>}
   */
  async run(id, body) {
    const from = performance.now();
    /** @type {string | undefined} */
    let failureMessage;
    try {
      await body();
    } catch (error) {
      failureMessage = String(error);
    }
    const timeSpentMs = performance.now() - from;
    this.tookMs.set(id, timeSpentMs);
    return { failureMessage, timeSpentMs };
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcess }];
