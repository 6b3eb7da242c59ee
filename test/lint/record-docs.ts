import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/base/package-root.ts';
import { tableOfChecks } from './shown.ts';

/** `npx tsx test/lint/record-docs.ts` writes the table of docs/lint.md anew. */
const path = join(packageRoot, 'docs', 'lint.md');
const text = readFileSync(path, 'utf8');
writeFileSync(path, `${text.slice(0, text.indexOf('| check |'))}${tableOfChecks()}\n`);
