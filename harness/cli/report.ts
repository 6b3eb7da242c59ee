import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { writeReports } from '../../reports/write.ts';

const openers: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'open',
  win32: 'explorer',
  linux: 'xdg-open',
};

export async function reportCommand(directory: string, options: { open?: boolean }): Promise<void> {
  const { html } = await writeReports(resolve(directory));
  process.stdout.write(`${html}\n`);
  const opener = openers[process.platform];
  if (!options.open || opener === undefined) return;
  const child = spawn(opener, [html], { stdio: 'ignore', detached: true });
  child.once('error', () =>
    process.stderr.write(`gauntlet: ${opener} is not here; open the file yourself\n`),
  );
  child.unref();
}
