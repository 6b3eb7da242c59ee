import type { ContainerRuntimeClient } from 'testcontainers';
import { messageOf, Trouble } from '../../base/trouble.ts';
import { contextEnvironment } from './context.ts';
import type { EngineAddress } from './engine.ts';

/** An engine that answered. */
export interface Engine {
  address: EngineAddress;
  client: ContainerRuntimeClient;
  /** Address of the machine published ports are on. */
  clientHost: string;
  version: string;
  /** As the engine calls it: "x86_64". */
  architecture: string;
}

const discoverMs = 15_000;

/**
 * Finds the engine as users expect: DOCKER_HOST, the current docker context, ~/.testcontainers.properties, the usual
 * sockets, rootless ones too. Throws `Trouble` when none answers. Testcontainers is loaded here and not before: it takes
 * a quarter of a second.
 */
export async function findEngine(): Promise<Engine> {
  Object.assign(process.env, contextEnvironment(process.env));
  const { getContainerRuntimeClient } = await import('testcontainers');
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${discoverMs / 1000} s`)), discoverMs);
    });
    const client = await Promise.race([getContainerRuntimeClient(), late]);
    const { serverVersion, architecture, host } = client.info.containerRuntime;
    const clientHost = host === 'localhost' ? '127.0.0.1' : host;
    return { address: addressOf(client), client, clientHost, version: String(serverVersion), architecture };
  } catch (cause) {
    const where = process.env.DOCKER_HOST ? ` at ${process.env.DOCKER_HOST}` : '';
    const remedy = 'start Docker (or Podman with its socket), or set DOCKER_HOST; or use --backend sandbox';
    throw new Trouble('Docker engine', `none answers${where} (${messageOf(cause)})`, remedy, { cause });
  } finally {
    clearTimeout(timer);
  }
}

function addressOf({ container }: ContainerRuntimeClient): EngineAddress {
  type Modem = EngineAddress & { ca?: Buffer | string; cert?: Buffer | string; key?: Buffer | string };
  const modem = container.dockerode.modem as unknown as Modem;
  if (modem.socketPath) return { socketPath: modem.socketPath };
  const { host, port, protocol, ca, cert, key } = modem;
  if (!host) throw new Error('the engine has neither a socket nor a host');
  return {
    host,
    ...(port && { port: Number(port) }),
    ...(protocol && { protocol }),
    ...(ca && { ca: String(ca) }),
    ...(cert && { cert: String(cert) }),
    ...(key && { key: String(key) }),
  };
}
