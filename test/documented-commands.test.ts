import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../harness/base/package-root.ts';
import { program } from '../harness/cli/main.ts';

const files = [
  'README.md',
  'CONTRIBUTING.md',
  ...inFolder('docs', '.md'),
  ...inFolder('.github/workflows', '.yml'),
  ...inFolder('compose', '.md'),
  ...inFolder('ci', 'yml'),
  ...inFolder('ci', 'yaml'),
];

function inFolder(folder: string, ending: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/** What is wrong with one documented command line; undefined when nothing is. Words in capitals stand for something. */
function wrongWith(line: string): string | undefined {
  const words = line.split(/\s+/).filter((word) => word !== '');
  let command: Command = program();
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) break;
    command = next;
  }
  if (command.name() === 'gauntlet' && !words[0]?.startsWith('-')) return `no command "${words[0]}"`;
  const known = [...command.options.map(({ long }) => long), '--help', '--version'];
  const unknown = words
    .map((word) => word.split('=')[0]!)
    .find((word) => /^--[a-z]/.test(word) && !known.includes(word));
  return unknown && `${command.name()} has no option ${unknown}`;
}

describe('every gauntlet command in the documentation is one that exists', () => {
  test.each(files)('%s', (file) => {
    const text = readFileSync(join(packageRoot, file), 'utf8')
      .replaceAll(/\\\n/g, ' ')
      .replaceAll(/\n {10}--/g, ' --');
    const lines = [
      ...text.matchAll(/(?:npx gauntlet|`gauntlet|\$ gauntlet|bin\/gauntlet\.js) ([a-z-][^`\n#|;&]*)/g),
    ].map(([, rest]) => rest!);
    expect(lines.flatMap((line) => wrongWith(line) ?? [])).toEqual([]);
  });

  test('and one that does not exist is noticed', () => {
    expect(wrongWith('run quick --sed 3')).toBe('run has no option --sed');
    expect(wrongWith('walk quick')).toBe('no command "walk"');
  });
});
