import { type Readable, Writable } from 'node:stream';
import type Docker from 'dockerode';
import { isBroker } from '../../topology/brokers.ts';
import { nodeName, type Topology } from '../../topology/topology.ts';
import { nftSetup } from '../nft.ts';
import { ask, explain } from './engine.ts';
import type { SiteLabels } from './labels.ts';
import type { SiteNetwork } from './network.ts';
import type { NodeLaunch } from './node-launch.ts';
import type { TarFile } from './tar.ts';

/** What the containers of one node, a server or a broker, have in common. */
export interface PodPlan {
  docker: Docker;
  labels: SiteLabels;
  network: SiteNetwork;
  sid: number;
  topology: Topology;
  holderImage: string;
  /** The port for clients who reach it by a published one, and the address of the engine's machine that that is on. */
  port: number;
  publishOn: string;
}

/** Only servers have logs apart from their data. */
export const hasDataLog = ({ topology, sid }: Pick<PodPlan, 'topology' | 'sid'>) =>
  topology.separateLogDir && !isBroker(sid);

/** Where the holder sees the server's storage and configuration, whatever the image calls it. */
export const storage = { data: '/storage/data', dataLog: '/storage/datalog', conf: '/storage/conf' } as const;

const podName = ({ labels, sid }: PodPlan, part: string) =>
  `zk-gauntlet-${labels.site}-${nodeName(sid)}-${part}`;

/** A volume that both containers of a pod see; the engine makes it, labelled, with the first of them. */
function volume(
  plan: PodPlan,
  part: string,
  target: string,
  noCopy: boolean,
  options: Record<string, string> = {},
): Docker.MountSettings {
  return {
    Type: 'volume',
    Source: podName(plan, part),
    Target: target,
    VolumeOptions: {
      NoCopy: noCopy,
      Labels: plan.labels.of('storage'),
      DriverConfig: { Name: 'local', Options: options },
    },
  };
}

/**
 * What a server stores is in memory, as in the sandbox: the fsyncs of its start take 20 to 90 ms each on a disk that
 * three servers share. The volume lasts as long as the holder that keeps it mounted; any user an image has may write there.
 */
const stored = (plan: PodPlan, part: string, target: string) =>
  volume(plan, part, target, true, { type: 'tmpfs', device: 'tmpfs', o: 'mode=1777' });

const inMemory = (target: string): Docker.MountSettings => ({ Type: 'tmpfs', Target: target, Source: '' });

/** How a holder that cannot filter begins its only line; one that can says "ready". */
const unfiltered = 'no filter: ';
/**
 * Writes the server's files, which come as pairs of name and text; then filters; then sleeps. All in the holder's own
 * command, because an engine takes 50 to 100 ms for each file put into a container or program run in it.
 */
const holding = `set -e
while (( $# )); do printf %s "$2" > "${storage.conf}/$1"; shift 2; done
if said=$(nft -f - <<< "$RULES" 2>&1); then echo ready; else echo "${unfiltered}$said"; fi
exec sleep infinity`;

/**
 * The container that owns a server's address, name, published port and packet filter, and mounts its storage. It does
 * nothing but sleep; the server's containers come and go inside its network. Not started.
 */
export async function makeHolder(plan: PodPlan, files: readonly TarFile[]): Promise<Docker.Container> {
  const { docker, labels, network, sid, holderImage, port, publishOn } = plan;
  const name = nodeName(sid);
  const client = `${port}/tcp`;
  return ask(
    `creating the holder of ${name}`,
    docker.createContainer({
      name: podName(plan, 'holder'),
      Image: holderImage,
      Hostname: name,
      Entrypoint: ['bash', '-c', holding, 'bash'],
      Cmd: files.flatMap(({ name: file, text }) => [file, text]),
      Env: [`RULES=${nftSetup()}`],
      StopSignal: 'SIGKILL',
      Labels: labels.of('holder'),
      ExposedPorts: { [client]: {} },
      HostConfig: {
        NetworkMode: network.name,
        CapAdd: ['NET_ADMIN'],
        PortBindings: { [client]: [{ HostIp: publishOn, HostPort: '' }] },
        Mounts: [
          volume(plan, 'conf', storage.conf, true),
          stored(plan, 'data', storage.data),
          ...(hasDataLog(plan) ? [stored(plan, 'datalog', storage.dataLog)] : []),
        ],
      },
      NetworkingConfig: {
        EndpointsConfig: {
          [network.name]: { Aliases: [name], IPAMConfig: { IPv4Address: network.subnet.addressOf(sid) } },
        },
      },
    }),
  );
}

/** Starts a holder; undefined when it filters packets, else why it cannot. */
export async function startHolder(holder: Docker.Container, { sid }: PodPlan): Promise<string | undefined> {
  const doing = `starting the holder of ${nodeName(sid)}`;
  const stream = await ask(doing, holder.attach({ stream: true, stdout: true, stderr: true }));
  const said = new Promise<string>((resolve, reject) => {
    const line = new Writable({
      write(chunk: Buffer, _encoding, done) {
        resolve(chunk.toString('utf8').trim());
        done();
      },
    });
    holder.modem.demuxStream(stream, line, line);
    stream.once('error', reject).once('end', () => resolve('it ended'));
  });
  // Awaited below; it may fail while the holder is still being started.
  said.catch(() => undefined);
  await ask(doing, holder.start());
  const word = await ask(doing, said);
  (stream as unknown as Readable).destroy();
  if (word === 'ready') return undefined;
  if (word.startsWith(unfiltered)) return word.slice(unfiltered.length);
  throw explain(new Error(word), doing);
}

/**
 * The node's own container: the image as it is, in the holder's network. Not started. A volume that is empty now takes
 * over what the image has at its place, so make this before the holder, which writes there, is started.
 */
export async function makeServer(
  plan: PodPlan,
  holder: Docker.Container,
  { image, env, places, scratch }: NodeLaunch['made'],
): Promise<Docker.Container> {
  const { docker, labels, sid } = plan;
  return ask(
    `creating the container of ${nodeName(sid)} from ${image}`,
    docker.createContainer({
      name: podName(plan, 'server'),
      Image: image,
      Env: env,
      Labels: labels.of('server'),
      HostConfig: {
        NetworkMode: `container:${holder.id}`,
        Mounts: [
          volume(plan, 'conf', places.conf, false),
          stored(plan, 'data', places.data),
          ...(places.dataLog === undefined ? [] : [stored(plan, 'datalog', places.dataLog)]),
          ...scratch.map(inMemory),
        ],
      },
    }),
  );
}

/** The port of this machine that leads to the server's client port. */
export async function publishedPort(
  holder: Docker.Container,
  { sid, port: inside }: PodPlan,
): Promise<number> {
  const { NetworkSettings } = await ask(`looking at the holder of ${nodeName(sid)}`, holder.inspect());
  const port = NetworkSettings.Ports[`${inside}/tcp`]?.[0]?.HostPort;
  if (!port) throw new Error(`the client port of ${nodeName(sid)} was not published`);
  return Number(port);
}
