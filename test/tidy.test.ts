import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exitCodeMeanings } from '../harness/cli/exit-codes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['harness', 'suites', 'reports'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name)),
);
const textOf = (path: string) => readFileSync(path, 'utf8');
const nameOf = (path: string) => relative(root, path);

/** The stage a file belongs to: the folder under harness/, or the top folder. */
const stageOf = (path: string) =>
  nameOf(path)
    .replace(/^harness\//, '')
    .split('/')[0]!;

/** What each stage may import values from; types may come from anywhere below run/ and cli/. */
const mayImport: Record<string, string[]> = {
  base: [],
  topology: ['base'],
  plan: ['base', 'topology'],
  history: ['base'],
  lin: ['base', 'history'],
  ledger: ['base', 'topology', 'history'],
  client: ['base', 'history', 'topology'],
  distribution: ['base', 'topology', 'client'],
  backend: ['base', 'topology', 'distribution', 'client'],
  ensemble: ['base', 'topology', 'history', 'client', 'backend'],
  fault: ['base', 'topology', 'plan', 'backend', 'ensemble'],
  datadir: ['base', 'history', 'client'],
  'fault-table': ['base', 'topology', 'client', 'backend', 'ensemble', 'fault'],
  workload: ['base', 'history', 'client', 'topology', 'plan'],
  rule: ['base', 'client', 'topology', 'plan', 'history', 'ledger', 'datadir', 'workload'],
  export: ['base', 'history', 'topology', 'rule'],
  lint: ['base', 'topology'],
  nightly: ['base', 'topology'],
  replay: ['base', 'topology', 'plan', 'history', 'workload', 'scenario', 'rule'],
  scenario: ['base', 'client', 'topology', 'plan', 'fault', 'workload', 'rule'],
};

describe('stages import downwards only', () => {
  test.each(Object.entries(mayImport))('%s', (stage, allowed) => {
    const wrong = sources
      .filter((path) => nameOf(path).startsWith(`harness/${stage}/`))
      .flatMap((path) =>
        [...textOf(path).matchAll(/^import (?!type )[^;]*? from '(\.[^']+)';/gms)]
          .filter(([statement]) => !/^import \{\s*(type [\w$]+,?\s*)+\}/.test(statement!))
          .map(([, target]) => stageOf(join(dirname(path), target!)))
          .filter((target) => target !== stage && !allowed.includes(target))
          .map((target) => `${nameOf(path)} imports ${target}/`),
      );
    expect(
      wrong,
      `${stage}/ may import ${allowed.join(', ') || 'nothing'}: move the code, or pass a value in`,
    ).toEqual([]);
  });
});

/** What must stay in one place, where, and what to use instead. */
const onlyIn: { what: RegExp; files: string[]; instead: string }[] = [
  { what: /Math\.random/, files: ['harness/cli/run.ts'], instead: 'a Random handed in (base/random.ts)' },
  {
    what: /Date\.now/,
    // Beside the clock: what has to be compared with times of files and of the engine.
    files: [
      'harness/base/clock.ts',
      'harness/distribution/cache-lock.ts',
      'harness/backend/docker/contract.ts',
      'harness/backend/docker/machine.ts',
    ],
    instead: 'a Clock handed in (base/clock.ts)',
  },
  {
    what: /process\.exit\(/,
    files: [
      'harness/run/scenario-process.ts',
      'harness/fault-table/lane-process.ts',
      'harness/client/foreign/child.ts',
      'harness/workload/records/process.ts',
    ],
    instead: 'process.exitCode or a Trouble',
  },
];

test.each(onlyIn)('$what stays in one place', ({ what, files, instead }) => {
  const strays = sources
    .filter((path) => what.test(textOf(path)) && !files.includes(nameOf(path)))
    .map(nameOf);
  expect(strays, `use ${instead}`).toEqual([]);
});

test('the README tells every exit code in the words of the program', () => {
  const readme = textOf(join(root, 'README.md'));
  for (const { code, meaning } of exitCodeMeanings) expect(readme).toContain(`| ${code} | ${meaning} |`);
});

test('no file names a registry or a path of one machine', () => {
  const docs = readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name));
  const told = [...sources, ...docs, join(root, 'README.md'), join(root, 'package-lock.json')];
  const wrong = told.filter((path) =>
    /registry\.npmjs|npmjs\.com|repo1?\.maven|docker\.io|\/home\/\w+\/|\/root\//.test(textOf(path)),
  );
  expect(wrong.map(nameOf)).toEqual([]);
});

test('every page that the code names is there', () => {
  const named = sources.flatMap((path) => textOf(path).match(/\bdocs\/[a-z-]+\.md/g) ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect([...new Set(named)].filter((page) => !existsSync(join(root, page)))).toEqual([]);
});
