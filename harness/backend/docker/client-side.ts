import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import type { Reach, RunningProgram } from '../backend.ts';
import { runHere } from '../running-program.ts';
import { probeScript, readProbes } from '../tcp-probe.ts';
import { ask } from './engine.ts';
import { execIn, runIn } from './exec.ts';
import type { SiteLabels } from './labels.ts';
import type { SiteNetwork } from './network.ts';
import { tryConnect } from './probe.ts';

/**
 * Where clients are, as seen from the servers. Either way their packets come from the network's gateway address: that
 * is this machine's own address on the bridge, and also what a port proxy sends from.
 */
export interface ClientSide {
  /** Whether clients reach the servers' own addresses; otherwise they use the published ports. */
  readonly direct: boolean;
  probe(targets: readonly { host: string; port: number }[], probeMs: number): Promise<Reach[]>;
  run(command: readonly string[], onLine: (line: string) => void): Promise<RunningProgram>;
}

/** Whether the network's bridge is an interface of this machine; that of a virtual machine or user namespace is not. */
export function hasBridge({ id }: SiteNetwork): boolean {
  // libnetwork names it by the first twelve digits of the network's id (drivers/bridge).
  return existsSync(`/sys/class/net/br-${id.slice(0, 12)}`);
}

export const directClients: ClientSide = {
  direct: true,
  probe: (targets, probeMs) => Promise.all(targets.map(({ host, port }) => tryConnect(host, port, probeMs))),
  run: async (command, onLine) => runHere(command, onLine),
};

/**
 * Clients behind a port proxy: a proxy accepts whatever the server does, so probes are made from the engine's own
 * network, by a container without rights of its own.
 */
export async function proxiedClients(docker: Docker, labels: SiteLabels, image: string): Promise<ClientSide> {
  const container = await ask(
    'creating the container that probes for clients',
    docker.createContainer({
      name: `zk-gauntlet-${labels.site}-clients`,
      Image: image,
      Entrypoint: ['sleep', 'infinity'],
      Cmd: [],
      StopSignal: 'SIGKILL',
      Labels: labels.of('holder'),
      HostConfig: { NetworkMode: 'host' },
    }),
  );
  await ask('starting the container that probes for clients', container.start());
  return {
    direct: false,
    async probe(targets, probeMs) {
      const script = probeScript(targets, probeMs);
      const { stdout } = await execIn(container, ['bash', '-c', script], 'probing as a client');
      return readProbes(stdout, targets.length);
    },
    run: (command, onLine) => runIn(container, command, 'running a program as a client', onLine),
  };
}
