import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../harness/base/package-root.ts';
import { knownModels } from '../../harness/lin/catalogue.ts';
import { checkLinearizable } from '../../harness/lin/linearizable.ts';
import { loadModel } from '../../harness/lin/load-model.ts';
import { temporaryFiles } from './temporary.ts';

const page = readFileSync(join(packageRoot, 'docs', 'lin.md'), 'utf8');
const files = temporaryFiles();

test('the page names every model with its operations', () => {
  for (const { name, model } of knownModels) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    for (const operation of model.operations!) expect(row, name).toContain(operation);
  }
});

test("the page's own model works as it stands there", async () => {
  const [, code] = /```ts\n(.*?)```/s.exec(page)!;
  const { model } = await loadModel(files.write('counter.ts', code!));
  const add = (output: number, invoked: number) => ({
    f: 'add',
    input: 2,
    output,
    invoked,
    returned: invoked + 5,
  });
  expect(await checkLinearizable([add(4, 3), add(2, 0)], model)).toMatchObject({ verdict: 'ok' });
  expect(await checkLinearizable([add(4, 0), add(2, 10)], model)).toMatchObject({ verdict: 'violation' });
});
