import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/base/package-root.ts';

const script = join(packageRoot, 'compose', 'images', 'zookeeper', 'docker-entrypoint.sh');

/** What the image's Dockerfile sets. */
const ofTheImage = {
  ZOO_TICK_TIME: '2000',
  ZOO_INIT_LIMIT: '5',
  ZOO_SYNC_LIMIT: '2',
  ZOO_AUTOPURGE_PURGEINTERVAL: '0',
  ZOO_AUTOPURGE_SNAPRETAINCOUNT: '3',
  ZOO_MAX_CLIENT_CNXNS: '60',
  ZOO_STANDALONE_ENABLED: 'true',
  ZOO_ADMINSERVER_ENABLED: 'true',
};

/** Runs the entry point of the image in an empty folder and reads the zoo.cfg and myid it leaves there. */
export function runEntryPoint(
  folder: string,
  variables: Record<string, string>,
  { release = '3.9.5', mounted }: { release?: string; mounted?: string } = {},
): { cfg: string; myid: string } {
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['conf', 'data']) mkdirSync(join(folder, name), { recursive: true });
  const cfg = join(folder, 'conf', 'zoo.cfg');
  if (mounted !== undefined) writeFileSync(cfg, mounted);
  execFileSync('bash', [script, 'true'], {
    env: {
      PATH: process.env.PATH,
      ...ofTheImage,
      ZOOKEEPER_VERSION: release,
      ZOO_DATA_DIR: join(folder, 'data'),
      ZOO_DATA_LOG_DIR: join(folder, 'datalog'),
      ZOO_LOG_DIR: join(folder, 'logs'),
      ZOO_CONF_DIR: join(folder, 'conf'),
      ...variables,
    },
  });
  const myid = join(folder, 'data', 'myid');
  return { cfg: readFileSync(cfg, 'utf8'), myid: existsSync(myid) ? readFileSync(myid, 'utf8') : '' };
}
