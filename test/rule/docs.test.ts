import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../harness/base/package-root.ts';
import { rules } from '../../harness/rule/catalogue.ts';
import { chaptersOfRules, firstHeading } from './told-in-docs.ts';

test('docs/rules.md tells every rule as the catalogue has it', () => {
  const text = readFileSync(join(packageRoot, 'docs', 'rules.md'), 'utf8');
  const message = 'write the chapters anew with `npx tsx test/rule/record-docs.ts`';
  expect(text.slice(text.indexOf(firstHeading)), message).toBe(chaptersOfRules());
});

describe('every rule says what it cannot see', () => {
  test.each(rules)('$name', ({ cannotSee }) => expect(cannotSee).not.toEqual([]));
});
