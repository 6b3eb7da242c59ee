import type Docker from 'dockerode';
import { Trouble } from '../../base/trouble.ts';
import type { Engine } from './discover.ts';
import { ask } from './engine.ts';
import { type SiteLabels, siteLabels } from './labels.ts';
import { lookAtImage, placesOf } from './present-image.ts';
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
const promises: readonly { promise: string; kept(fresh: Parts, again: Parts): boolean }[] = [
  { promise: 'its entry point runs the command it is given', kept: (fresh) => fresh.end !== undefined },
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
    kept: (_, { cfg }) => cfg?.trim() === existingCfg,
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
    const [fresh, again] = await Promise.all([
      observe(engine, labels, image),
      observe(engine, labels, image, existingCfg),
    ]);
    const broken = promises.find(({ kept }) => !kept(fresh.parts, again.parts));
    if (broken) {
      const words = fresh.output.trim().split('\n').at(-1) ?? '';
      throw new Trouble(
        `image ${name}`,
        `breaks a promise of the official image: ${broken.promise}${words && ` (it said: ${words})`}`,
        'use an image that keeps it, see compose/images/README.md',
      );
    }
    return { image, version: releaseOf(fresh.parts.jars)! };
  } finally {
    await watchdog.end();
  }
}

async function observe(
  { client }: Engine,
  labels: SiteLabels,
  { name, confDir }: ServerImage,
  cfg?: string,
): Promise<{ parts: Parts; output: string }> {
  const docker: Docker = client.container.dockerode;
  const container = await ask(
    `creating a container of ${name}`,
    docker.createContainer({
      Image: name,
      Cmd: ['sh', '-c', report],
      Env: [`ZOO_MY_ID=${sid}`, `ZOO_SERVERS=${serverLine}`],
      Labels: labels.of('check'),
      HostConfig: { NetworkMode: 'none' },
    }),
  );
  if (cfg !== undefined) {
    const archive = tarOf([{ name: 'zoo.cfg', text: `${cfg}\n` }], Date.now());
    await ask(`copying into a container of ${name}`, container.putArchive(archive, { path: confDir })).catch(
      (cause) => {
        throw new Trouble(`image ${name}`, `has no directory ${confDir}`, 'use an image that has it', {
          cause,
        });
      },
    );
  }
  const { output } = await runToEnd(container, `checking image ${name}`, checkMs);
  return { parts: partsOf(output), output };
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
