import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm run bench -- <name>`: runs one benchmark; each lives in a folder of its own and prints its ratios. */
const here = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(`${here}${entry.name}`).includes('main.ts'))
  .map((entry) => entry.name);

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`bench: say which: ${names.join(', ')}\n`);
  process.exit(2);
}
process.argv.splice(2, process.argv.length, ...rest);
await import(`./${name}/main.ts`);
