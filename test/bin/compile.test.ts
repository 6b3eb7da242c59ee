import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { compiled } from '../../bin/compile.js';

// Beside node_modules, or what is imported from there would not be found.
const cache = mkdtempSync(join(import.meta.dirname, '..', '..', 'node_modules', '.compile-test-'));
afterAll(() => rmSync(cache, { recursive: true }));

test('the sources are compiled once, each file into one, and those run', async () => {
  const [folder, another] = await Promise.all([compiled(cache), compiled(cache)]);
  expect(another).toBe(folder);
  expect(readdirSync(cache)).toHaveLength(1);
  expect(readFileSync(join(folder!, 'harness', 'run', 'scenario-process.js'), 'utf8')).toContain(
    'from "../base/clock.js"',
  );
  const { messageOf } = await import(pathToFileURL(join(folder!, 'harness', 'base', 'trouble.js')).href);
  expect(messageOf(new Error('why'))).toBe('why');
  const { ctimeMs } = statSync(folder!);
  expect(await compiled(cache)).toBe(folder);
  expect(statSync(folder!).ctimeMs).toBe(ctimeMs);
});

test('where nothing may be written nothing is compiled', async () => {
  expect(await compiled('/sys/zk-gauntlet')).toBeUndefined();
});
