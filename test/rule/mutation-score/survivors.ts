import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../harness/base/package-root.ts';

/** `npx tsx test/rule/mutation-score/survivors.ts [TEXT]` lists what survived the last `npm run mutation-score`, in files whose path has TEXT. */
interface Place {
  line: number;
  column: number;
}
interface Mutant {
  status: string;
  replacement: string;
  location: { start: Place; end: Place };
}
const report = JSON.parse(
  readFileSync(join(packageRoot, 'runs', 'mutation-score', 'report.json'), 'utf8'),
) as { files: Record<string, { source: string; mutants: Mutant[] }> };

for (const [path, { source, mutants }] of Object.entries(report.files)) {
  if (!path.includes(process.argv[2] ?? '')) continue;
  const tally = (...wanted: string[]) => mutants.filter(({ status }) => wanted.includes(status)).length;
  const caught = tally('Killed', 'Timeout');
  const left = tally('Survived', 'NoCoverage');
  console.log(`\n${path}: ${caught} of ${caught + left} caught`);
  const lines = source.split('\n');
  for (const { status, replacement, location } of mutants) {
    if (status !== 'Survived' && status !== 'NoCoverage') continue;
    const { start, end } = location;
    const text = lines.slice(start.line - 1, end.line);
    text[text.length - 1] = text.at(-1)!.slice(0, end.column - 1);
    text[0] = text[0]!.slice(start.column - 1);
    const one = (code: string) => code.replace(/\s+/g, ' ').slice(0, 140);
    console.log(
      `  ${start.line}: ${one(text.join(' '))}  →  ${one(replacement)}${status === 'NoCoverage' ? '  (not reached)' : ''}`,
    );
  }
}
