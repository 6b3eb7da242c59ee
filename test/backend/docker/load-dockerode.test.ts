import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const module = fileURLToPath(new URL('../../../harness/backend/docker/load-dockerode.ts', import.meta.url));

/** What a process of its own prints, in which nothing has been loaded yet. */
function printed(script: string): string {
  const source = `
    import { createRequire } from 'node:module';
    import { loadDockerode } from ${JSON.stringify(module)};
    const { cache } = createRequire(import.meta.url);
    const loaded = (name) => Object.keys(cache).some((path) => path.includes(name));
    const Docker = loadDockerode();
    ${script}`;
  const args = [
    '--no-deprecation',
    '--import',
    import.meta.resolve('tsx'),
    '--input-type=module',
    '-e',
    source,
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (stderr) throw new Error(stderr);
  return stdout.trim();
}

const heavy = "loaded('/@grpc/grpc-js/'), loaded('/ssh2/')";

it('leaves gRPC and ssh for those who call them', () => {
  expect(printed(`console.log(typeof new Docker().createContainer, ${heavy})`)).toBe('function false false');
});

it('gives an engine behind ssh the agent that dockerode would', () => {
  // Building the agent begins to connect; a port nobody listens on is enough to see that ssh was loaded.
  const ask = `new Docker({ protocol: 'ssh', host: '127.0.0.1', port: 1, username: 'nobody' }).ping()`;
  expect(printed(`await ${ask}.catch(() => undefined); console.log(loaded('/ssh2/')); process.exit()`)).toBe(
    'true',
  );
});
