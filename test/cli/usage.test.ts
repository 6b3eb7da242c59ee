import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gauntlet } from '../support/gauntlet.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const yaml = (text: string) =>
  fileOf(`${Math.abs(text.length)}-${text.charCodeAt(text.length - 2)}.yaml`, text);

const mistakes: { what: string; args: string[]; says: RegExp[] }[] = [
  { what: 'a suite that does not exist', args: ['run', 'nosuch'], says: [/"nosuch"/, /quick, resilience/] },
  { what: 'a seed that is none', args: ['run', 'quick', '--seed', 'x'], says: [/--seed x/, /whole number/] },
  { what: 'a filter nothing fits', args: ['run', 'quick', '--filter', 'zzz'], says: [/--filter "zzz"/] },
  { what: 'a shard out of range', args: ['run', 'quick', '--shard', '5/4'], says: [/--shard 5\/4/] },
  {
    what: 'a release that is none',
    args: ['run', 'quick', '--zookeeper', 'new'],
    says: [/--zookeeper "new"/],
  },
  {
    what: 'a release given twice',
    args: ['run', 'quick', '--zookeeper', '3.9.5', '--zookeeper', '3.9.5'],
    says: [/--zookeeper 3\.9\.5/, /twice/],
  },
  {
    what: 'two releases for a program that is one',
    args: ['run', 'quick', '--zookeeper-home', '/opt/zk', '--zookeeper', '3.9.5', '--zookeeper', '3.8.0'],
    says: [/--zookeeper-home \/opt\/zk/, /one release/],
  },
  {
    what: 'a scenario of a claim that nobody makes',
    args: ['run', yaml('name: xyz\ntags: [C88]\n')],
    says: [/tag "C88"/, /list claims/],
  },
  { what: 'a backend that does not exist', args: ['run', '--backend', 'moon'], says: [/moon/, /sandbox/] },
  { what: 'an unknown option', args: ['run', '--sed', '1'], says: [/--sed/] },
  { what: 'an unknown command', args: ['rum'], says: [/rum/] },
  { what: 'an unknown list', args: ['list', 'stuff'], says: [/list stuff/, /faults/] },
  {
    what: 'a misspelt field of a scenario file',
    args: ['run', yaml('name: x\nstep: []\n')],
    says: [/\.yaml/, /scenarios\[0\]/, /step/],
  },
  {
    what: 'a target that does not exist',
    args: ['run', yaml('name: x\nsteps: [{faults: [{fault: kill, target: leadr}]}]\n')],
    says: [/scenarios\[0\]\.steps\[0\]\.faults\[0\]\.target/],
  },
  {
    what: 'a fault that does not exist',
    args: ['run', yaml('name: x\nsteps: [{faults: [{fault: explode, target: leader}]}]\n')],
    says: [/explode/, /kill, stop/],
  },
  {
    what: 'a parameter the fault does not have',
    args: [
      'run',
      yaml('name: x\nsteps: [{faults: [{fault: isolate, target: leader, params: {port: 1}}]}]\n'),
    ],
    says: [/faults\[0\]\.params/, /port/],
  },
  {
    what: 'a rule that does not exist',
    args: ['run', yaml('name: x\nrules: [gravity]\n')],
    says: [/gravity/, /durability/],
  },
  { what: 'a scenario file that is not there', args: ['run', 'missing.yaml'], says: [/missing\.yaml/] },
];

test.each(mistakes)('$what is named, with what would be right, and ends with 2', async ({ args, says }) => {
  const { code, stderr, stdout } = await gauntlet(args, { cwd: folder });
  expect(code, stderr).toBe(2);
  for (const pattern of says) expect(stderr).toMatch(pattern);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout).toBe('');
});

test('help names every command and the exit codes', async () => {
  const { code, stdout } = await gauntlet(['--help']);
  expect(code).toBe(0);
  for (const word of ['run', 'check', 'list', 'report', 'doctor', 'Exit codes', 'violation']) {
    expect(stdout).toContain(word);
  }
});

test('a list as JSON is one object and nothing else', async () => {
  const { code, stdout } = await gauntlet(['list', 'faults', '--json']);
  expect(code).toBe(0);
  const { faults } = JSON.parse(stdout) as { faults: { name: string }[] };
  expect(faults.map(({ name }) => name)).toContain('partition');
});
