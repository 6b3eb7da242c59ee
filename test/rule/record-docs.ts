import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/base/package-root.ts';
import { chaptersOfRules, firstHeading } from './told-in-docs.ts';

/** `npx tsx test/rule/record-docs.ts` writes the chapters of docs/rules.md anew. */
const path = join(packageRoot, 'docs', 'rules.md');
const text = readFileSync(path, 'utf8');
writeFileSync(path, text.slice(0, text.indexOf(firstHeading)) + chaptersOfRules());
