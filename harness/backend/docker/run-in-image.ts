import { spawn } from 'node:child_process';
import { ask, openEngine } from './engine.ts';
import { siteLabels } from './labels.ts';
import { runToEnd } from './run-to-end.ts';
import type { ContainerServers } from './server-image.ts';
import { Watchdog } from './watchdog.ts';

const workDir = '/tmp/work';
/** Root of the container may read whatever the files' owner is here; it has no network and no rights outside. */
const root = '0';

export interface ToolRun {
  image: string;
  /** For bash; `args` are its arguments. Its working directory holds the files. */
  script: string;
  args: readonly string[];
  env: Record<string, string>;
  /** What it works on: files of a directory of this machine, by their paths in it. */
  files?: { directory: string; paths: readonly string[] };
  run: { id: string; scenario: string };
  deadlineMs: number;
}

/** Runs a program of an image on copies of files of this machine, without a network; nothing of it is left. */
export async function runInImage(
  { engine, labels: extra }: Pick<ContainerServers, 'engine' | 'labels'>,
  { image, script, args, env, files, run, deadlineMs }: ToolRun,
): Promise<{ code: number; output: string }> {
  const labels = await siteLabels(run.id, run.scenario, extra);
  const watchdog = Watchdog.start(engine, labels.site);
  const doing = `running a program of ${image}`;
  try {
    const container = await ask(
      doing,
      openEngine(engine).createContainer({
        Image: image,
        Entrypoint: ['bash', '-c', script, 'bash'],
        Cmd: [...args],
        Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
        User: root,
        WorkingDir: workDir,
        Labels: labels.of('check'),
        HostConfig: { NetworkMode: 'none' },
      }),
    );
    if (files) {
      const tar = spawn('tar', ['-cf', '-', '-C', files.directory, ...files.paths], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      await ask(doing, container.putArchive(tar.stdout, { path: workDir }), deadlineMs);
    }
    return await runToEnd(container, doing, deadlineMs);
  } finally {
    await watchdog.end();
  }
}
