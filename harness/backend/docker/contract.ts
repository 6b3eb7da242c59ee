import type Docker from 'dockerode';
import { Trouble } from '../../base/trouble.ts';
import type { Engine } from './discover.ts';
import { ask, knownTrouble, openEngine, statusOf } from './engine.ts';
import { type SiteLabels, siteLabels } from './labels.ts';
import { lookAtImage, type Present, placesOf } from './present-image.ts';
import { runToEnd } from './run-to-end.ts';
import type { ServerImage } from './server-image.ts';
import { tarOf } from './tar.ts';
import { Watchdog } from './watchdog.ts';

const sid = 7;
const serverLine = `server.${sid}=127.0.0.1:2888:3888;2181`;
const existingCfg = '# not to be touched';
const checkMs = 60_000;

/** Runs in place of the server, after the image's entry point has prepared everything. Each part begins with "@@ ". */
const report = `
conf=\${ZOO_CONF_DIR:-/conf} data=\${ZOO_DATA_DIR:-/data}
echo '@@ cfg'; cat "$conf/zoo.cfg"
echo '@@ myid'; cat "$data/myid"
echo '@@ java'; java -version 2>&1
echo '@@ script'; command -v zkServer.sh
echo '@@ jars'; home=$(dirname "$(dirname "$(command -v zkServer.sh)")"); ls "$home" "$home/lib"
echo '@@ end'
`;

/** What the official image promises and we rely on, and how an image shows that it keeps it. */
const promises: readonly { promise: string; kept(fresh: Parts, again: Parts | 'no directory'): boolean }[] = [
  { promise: 'its entry point runs the command it is given', kept: (fresh) => fresh.end !== undefined },
  {
    promise: 'it has the directory /conf, or the one ZOO_CONF_DIR names',
    kept: (_, again) => again !== 'no directory',
  },
  {
    promise: 'ZOO_SERVERS goes into a zoo.cfg in ZOO_CONF_DIR',
    kept: ({ cfg }) => cfg?.includes(serverLine) === true,
  },
  {
    promise: 'ZOO_MY_ID goes into myid in ZOO_DATA_DIR',
    kept: ({ myid }) => myid?.trim() === String(sid),
  },
  {
    promise: 'a zoo.cfg that is there already is left alone',
    kept: (_, again) => again !== 'no directory' && again.cfg?.trim() === existingCfg,
  },
  { promise: 'java is in its PATH and runs', kept: ({ java }) => /version "/.test(java ?? '') },
  {
    promise: 'zkServer.sh is in its PATH',
    kept: ({ script }) => script?.trim().endsWith('zkServer.sh') === true,
  },
  {
    promise: 'its ZooKeeper jar is beside zkServer.sh or in lib',
    kept: ({ jars }) => releaseOf(jars) !== undefined,
  },
];

/** Images known to follow another contract, by a variable that only they set. */
const others: readonly { variable: string; what: string }[] = [
  {
    // bitnami/containers, bitnami/zookeeper: Dockerfile and rootfs/opt/bitnami/scripts/zookeeper-env.sh.
    variable: 'BITNAMI_APP_NAME',
    what: 'it is made after Bitnami’s recipe, which takes ZOO_SERVER_ID for ZOO_MY_ID and configures itself in /opt/bitnami/zookeeper/conf',
  },
];

type Parts = Partial<Record<'cfg' | 'myid' | 'java' | 'script' | 'jars' | 'end', string>>;

/**
 * Finds out, by running it twice without a network, whether an image keeps the contract of the official one. Throws
 * `Trouble` with the promise it breaks.
 */
export async function checkContract(
  engine: Engine,
  name: string,
): Promise<{ image: ServerImage; version: string }> {
  const present = await lookAtImage(engine, name);
  if (!present) throw new Trouble(`image ${name}`, 'is not there', 'pull or build it first');
  const image = placesOf(name, present.env);
  const labels = await siteLabels('image-check', name.replaceAll(/[^\w.-]/g, '-'));
  const watchdog = Watchdog.start(engine.address, labels.site);
  try {
    const docker = openEngine(engine.address);
    const [fresh, again] = await Promise.all([
      observe(docker, labels, name),
      observeAgain(docker, labels, image),
    ]);
    const broken = promises.find(({ kept }) => !kept(fresh.parts, again));
    if (broken) throw breach(present, name, broken.promise, fresh);
    return { image, version: releaseOf(fresh.parts.jars)! };
  } finally {
    await watchdog.end();
  }
}

function breach({ env }: Present, name: string, promise: string, { parts, output }: Seen): Trouble {
  const words = output.trim().split('\n').at(-1) ?? '';
  const unable = parts.end === undefined && knownTrouble(words, `checking image ${name}`);
  if (unable) return unable;
  const other = others.find(({ variable }) => env.some((line) => line.startsWith(`${variable}=`)));
  const said = words && ` (it said: ${words})`;
  return new Trouble(
    `image ${name}`,
    `breaks a promise of the official image: ${promise}${other ? `; ${other.what}` : said}`,
    'use the official zookeeper image, or one that keeps the contract in compose/images/README.md',
  );
}

interface Seen {
  parts: Parts;
  output: string;
}

async function observe(docker: Docker, labels: SiteLabels, name: string): Promise<Seen> {
  const container = await containerOf(docker, labels, name);
  const { output } = await runToEnd(container, `checking image ${name}`, checkMs);
  return { parts: partsOf(output), output };
}

/** The same with a zoo.cfg that is there beforehand. */
async function observeAgain(
  docker: Docker,
  labels: SiteLabels,
  { name, confDir }: ServerImage,
): Promise<Parts | 'no directory'> {
  const container = await containerOf(docker, labels, name);
  const archive = tarOf([{ name: 'zoo.cfg', text: `${existingCfg}\n` }], Date.now());
  try {
    await ask(`copying into a container of ${name}`, container.putArchive(archive, { path: confDir }));
  } catch (error) {
    if (statusOf(error) === 404) return 'no directory';
    throw error;
  }
  return partsOf((await runToEnd(container, `checking image ${name}`, checkMs)).output);
}

function containerOf(docker: Docker, labels: SiteLabels, name: string): Promise<Docker.Container> {
  return ask(
    `creating a container of ${name}`,
    docker.createContainer({
      Image: name,
      Cmd: ['sh', '-c', report],
      Env: [`ZOO_MY_ID=${sid}`, `ZOO_SERVERS=${serverLine}`],
      Labels: labels.of('check'),
      HostConfig: { NetworkMode: 'none' },
    }),
  );
}

export function partsOf(output: string): Parts {
  const parts: Record<string, string> = {};
  for (const piece of output.split(/^@@ /m).slice(1)) {
    const [head = '', ...rest] = piece.split('\n');
    parts[head.trim()] = rest.join('\n');
  }
  return parts;
}

export function releaseOf(jars: string | undefined): string | undefined {
  return /^zookeeper-(\d+\.\d+\.\d+(?:-(?:alpha|beta))?)\.jar$/m.exec(jars ?? '')?.[1];
}
