import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { openRun, scenarioIn } from '../../harness/run/run-directory.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gauntlet-run-'));
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ scenarios: [{ name: 'One', slug: 'one' }] }));
  mkdirSync(join(dir, 'one', 'logs'), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const inOne = (file: string, text: string) => writeFileSync(join(dir, 'one', file), text);
const one = () => openRun(dir).scenarios[0]!;

test('opening reads run.json and nothing else', () => {
  inOne('plan.json', 'not JSON');
  expect(one()).toMatchObject({ name: 'One', slug: 'one', dir: join(dir, 'one') });
});

test('a missing file is trouble that names it', () => {
  expect(() => one().plan()).toThrow(Trouble);
  expect(() => one().plan()).toThrow(`${join(dir, 'one', 'plan.json')}: not recorded`);
  expect(() => one().history()).toThrow('history.arrows: not recorded');
  expect(() => openRun(join(dir, 'one'))).toThrow('run.json: not recorded');
});

test('a damaged file is trouble that names it', () => {
  inOne('ledger.json', '{');
  inOne('history.arrows', 'this is no Arrow file at all');
  expect(() => one().ledger()).toThrow(/one\/ledger\.json: not JSON/);
  expect(() => one().history()).toThrow(Trouble);
});

test('a last line without its end is what a killed writer left, and is dropped', () => {
  inOne('journal.ndjson', '{"atNs":1,"kind":"note","text":"a"}\n{"atNs":2,"kin');
  expect(one().journal()).toEqual([{ atNs: 1, kind: 'note', text: 'a' }]);
});

test('any other bad line is trouble with its number', () => {
  inOne('roles.ndjson', '{"atNs":1}\noops\n{"atNs":2}\n');
  expect(() => one().roles()).toThrow(/roles\.ndjson:2: not JSON/);
});

test('files are told with their paths in the run and their sizes', () => {
  inOne('plan.json', '{}');
  inOne(join('logs', 'zk1.log'), 'hello');
  expect(one().files()).toEqual([
    { path: 'one/logs/zk1.log', bytes: 5 },
    { path: 'one/plan.json', bytes: 2 },
  ]);
});

test('a scenario folder opens by itself, called as its folder is', () => {
  expect(scenarioIn(join(dir, 'one'))).toMatchObject({ name: 'one', slug: 'one' });
  expect(scenarioIn(join(dir, 'two')).files()).toEqual([]);
});
