import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../harness/base/package-root.ts';
import { checks } from '../../harness/lint/catalogue.ts';
import { spoiltCompose, spoiltKubernetes } from './manifests.ts';
import { scenes } from './scenes/index.ts';
import { shownBy, tableOfChecks } from './shown.ts';
import { sideBySide, silent } from './silent.ts';
import { spoilt } from './spoilt.ts';

const ids = checks.map(({ id }) => id);

describe('the table of checks', () => {
  test('names each once', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(ids)('%s has a bad example, which is good before it is spoilt', (id) => {
    const examples = [...spoilt, ...silent, ...sideBySide, ...spoiltCompose, ...spoiltKubernetes];
    expect(examples.some(({ check }) => check === id)).toBe(true);
  });

  test.each(ids)('%s has been seen on real servers, or it is said why not', (id) => {
    expect(shownBy(id)).toBeDefined();
  });

  test('scenes show only what is in it', () => {
    expect(scenes.flatMap(({ shows }) => shows).filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('is what docs/lint.md prints', () => {
    const text = readFileSync(join(packageRoot, 'docs', 'lint.md'), 'utf8');
    const message = 'write the table anew with `npx tsx test/lint/record-docs.ts`';
    expect(text.slice(text.indexOf('| check |')), message).toBe(`${tableOfChecks()}\n`);
  });
});
