import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { messageOf, Trouble, usage } from '../base/trouble.ts';
import { formats } from '../export/formats.ts';
import { type Reading, readings } from '../export/registers.ts';
import { openRun, type RunRecord, type ScenarioRecord } from '../run/run-directory.ts';

interface ExportCommandOptions {
  as: string;
  scenario?: string;
  out?: string;
  reads?: Reading;
  key?: string;
}

export function addExport(gauntlet: Command): void {
  gauntlet
    .command('export')
    .description(`write a run's histories for other tools: ${formats.map(({ name }) => name).join(', ')}`)
    .argument('<run>', 'run directory')
    .addOption(
      new Option('--as <format>', formats.map(({ name, about }) => `${name}: ${about}`).join('; '))
        .choices(formats.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .option('--scenario <name>', 'only this scenario (default: all)')
    .option(
      '--out <file>',
      'where to write one scenario, - for standard output (default: beside its history)',
    )
    .addOption(
      new Option('--reads <how>', 'how old a plain ZooKeeper read may be (default: promised)').choices([
        ...readings,
      ]),
    )
    .option('--key <path>', 'only this node, values without their key')
    .action(exportCommand);
}

async function exportCommand(directory: string, options: ExportCommandOptions): Promise<void> {
  const format = formats.find(({ name }) => name === options.as)!;
  for (const option of ['reads', 'key'] as const) {
    if (options[option] === undefined || format.registers) continue;
    const fitting = formats.filter(({ registers }) => registers).map(({ name }) => name);
    throw usage(`--${option}`, `means nothing to ${format.name}`, `use it with ${fitting.join(', ')}`);
  }
  const run = openRun(resolve(directory));
  const scenarios = chosen(run, options);
  for (const scenario of scenarios) {
    if (scenarios.length > 1 && !scenario.files().some(({ path }) => path.endsWith('/history.arrows'))) {
      process.stderr.write(`${scenario.slug}: no history was recorded\n`);
      continue;
    }
    const note = (text: string) => process.stderr.write(`${scenario.slug}: ${text}\n`);
    const lines = format.lines(scenario, { reads: options.reads ?? 'promised', key: options.key }, note);
    if (options.out === '-') await print(lines);
    else
      process.stdout.write(`${await save(resolve(options.out ?? join(scenario.dir, format.file)), lines)}\n`);
  }
}

function chosen(run: RunRecord, { scenario: wanted, out }: ExportCommandOptions): readonly ScenarioRecord[] {
  const names = run.scenarios.map(({ name }) => `"${name}"`).join(', ');
  const scenarios = run.scenarios.filter(
    ({ name, slug }) => wanted === undefined || name === wanted || slug === wanted,
  );
  if (scenarios.length === 0)
    throw usage(`--scenario "${wanted}"`, 'the run has no such scenario', `use one of ${names}`);
  if (out !== undefined && scenarios.length > 1)
    throw usage(
      `--out ${out}`,
      `the run has ${scenarios.length} scenarios`,
      `add --scenario, one of ${names}`,
    );
  return scenarios;
}

/** Whole or not at all. */
async function save(path: string, lines: Iterable<string>): Promise<string> {
  const part = `${path}.part`;
  try {
    await pipeline(Readable.from(portions(lines)), createWriteStream(part));
    renameSync(part, path);
    return path;
  } catch (cause) {
    rmSync(part, { force: true });
    if (cause instanceof Trouble || (cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new Trouble(path, `cannot be written (${messageOf(cause)})`, 'give another --out', { cause });
  }
}

/** Until all is printed or nobody listens any more (`| head`). */
async function print(lines: Iterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(portions(lines)), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** Lines put together: a write for each would take longer than making it. */
function* portions(lines: Iterable<string>): Iterable<string> {
  let portion = '';
  for (const line of lines) {
    portion += `${line}\n`;
    if (portion.length < 1024 * 1024) continue;
    yield portion;
    portion = '';
  }
  yield portion;
}
