import { spawn } from 'node:child_process';
import { messageOf, Trouble } from '../../base/trouble.ts';
import type { Engine } from './discover.ts';
import { ask } from './engine.ts';

export interface Build {
  name: string;
  /** What the recipe may copy: these files and folders of one directory. */
  context: { directory: string; files: readonly string[] };
  dockerfile: string;
  args: Record<string, string>;
  labels: Record<string, string>;
  deadlineMs: number;
  /** "none" for a recipe that fetches nothing. */
  network?: string;
}

interface Line {
  stream?: string;
  error?: string;
}

/** Builds an image on the engine. Throws `Trouble` with the last thing the recipe said. */
export async function buildImage({ client }: Engine, build: Build): Promise<void> {
  const { directory, files } = build.context;
  const tar = spawn('tar', ['-cf', '-', '-C', directory, ...files], { stdio: ['ignore', 'pipe', 'ignore'] });
  const docker = client.container.dockerode;
  const said: string[] = [];
  try {
    const stream = await ask(
      `building ${build.name}`,
      docker.buildImage(tar.stdout, {
        t: build.name,
        dockerfile: build.dockerfile,
        buildargs: build.args,
        labels: build.labels,
        rm: true,
        forcerm: true,
        ...(build.network !== undefined && { networkmode: build.network }),
      }),
      build.deadlineMs,
    );
    const built = new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        stream,
        (error, lines: Line[]) => {
          const failed = error ?? lines.find((line) => line.error)?.error;
          if (failed) reject(failed);
          else resolve();
        },
        (line: Line) => said.push(...(line.stream ?? '').split('\n').filter((text) => text.trim())),
      );
    });
    await ask(`building ${build.name}`, built, build.deadlineMs);
  } catch (cause) {
    const last = said.slice(-3).join(' | ');
    throw new Trouble(
      `image ${build.name}`,
      `was not built: ${messageOf(cause)}`,
      `its recipe last said: ${last}`,
      {
        cause,
      },
    );
  } finally {
    tar.kill();
  }
}
