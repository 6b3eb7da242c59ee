import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Trouble } from '../../base/trouble.ts';

/**
 * What `docker` itself would talk to, as environment variables: the context of DOCKER_CONTEXT or of `docker context
 * use`, unless DOCKER_HOST is set, which wins. Testcontainers knows the variables but not the contexts.
 */
export function contextEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  if (env.DOCKER_HOST) return {};
  const home = env.DOCKER_CONFIG ?? join(homedir(), '.docker');
  const name = env.DOCKER_CONTEXT ?? currentContext(join(home, 'config.json'));
  if (!name || name === 'default') return {};
  // docker/cli, cli/context/store: folders are named by the SHA-256 of the context's name.
  const folder = createHash('sha256').update(name).digest('hex');
  const meta = join(home, 'contexts', 'meta', folder, 'meta.json');
  if (!existsSync(meta))
    throw new Trouble(`Docker context "${name}"`, 'there is none', 'see `docker context ls`');
  const stored = readJson(meta) as { Endpoints?: { docker?: { Host?: string } } };
  const host = stored.Endpoints?.docker?.Host;
  if (!host) return {};
  if (!/^(unix|npipe|tcp|http|https):/.test(host)) {
    throw new Trouble(
      `Docker context "${name}"`,
      `it is at ${host}, which cannot be reached directly`,
      'set DOCKER_HOST to a socket or tcp address (ssh -L forwards one)',
    );
  }
  const certificates = join(home, 'contexts', 'tls', folder, 'docker');
  const tls = existsSync(join(certificates, 'ca.pem'))
    ? { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates }
    : {};
  return { DOCKER_HOST: host, ...tls };
}

function currentContext(config: string): string | undefined {
  if (!existsSync(config)) return undefined;
  return (readJson(config) as { currentContext?: string }).currentContext;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Trouble(path, 'cannot be read', 'correct or remove it', { cause });
  }
}
