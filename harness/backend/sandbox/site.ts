import { execa } from 'execa';
import { allNodesOf, type Topology } from '../../topology/topology.ts';
import {
  type Available,
  type Capabilities,
  type Cut,
  type Machine,
  type OwnSite,
  ownServers,
  type Place,
  type Probe,
  type Reach,
  type RunningProgram,
  type SiteRequest,
  type TimedCut,
} from '../backend.ts';
import { bash } from '../bash.ts';
import { runHere } from '../running-program.ts';
import { probeScript, readProbes } from '../tcp-probe.ts';
import { type Links, makeLinks } from './links.ts';
import { type Launcher, SandboxMachine } from './machine.ts';
import { tryDisk } from './memory-disk.ts';
import { addressAt, addressOf, buildNetwork, inNamespace, probeMs } from './network.ts';

const needsNft: Available = {
  no: 'nft does not work here, so single ports cannot be cut',
  remedy: 'install the package nftables',
};

/** Builds the servers' network and directories. Runs inside the sandbox (enter.ts), as its first process. */
export async function makeSandboxSite(request: SiteRequest, launcher: Launcher): Promise<OwnSite> {
  const { topology, clock, logDirectory } = request;
  const sids = allNodesOf(topology);
  await buildNetwork(sids);
  const machines = sids.map((sid) => new SandboxMachine(sid, topology, logDirectory, launcher, clock));
  for (const machine of machines) await machine.prepare();
  const disks = await tryDisk(machines[0]!.disk);
  return new SandboxSite(topology, machines, await makeLinks(sids, topology.ports, clock), disks);
}

class SandboxSite implements OwnSite {
  readonly topology: Topology;
  readonly machines: ReadonlyMap<number, Machine>;
  readonly capabilities: Capabilities;
  readonly #links: Links;

  constructor(topology: Topology, machines: readonly Machine[], links: Links, fullDisk: Available) {
    this.topology = topology;
    this.machines = new Map(machines.map((machine) => [machine.sid, machine]));
    this.#links = links;
    this.capabilities = {
      ...ownServers,
      'no-myid': 'yes',
      'shared-address': 'yes',
      brokers: 'yes',
      'full-disk': fullDisk,
      'cut-links': 'yes',
      'cut-ports': links.perPort ? 'yes' : needsNft,
    };
  }

  addressOf(sid: number): string {
    return addressOf(sid);
  }

  setCuts(cuts: readonly TimedCut[]): Promise<void> {
    return this.#links.setCuts(cuts);
  }

  dropped(cut: Cut): Promise<number | undefined> {
    return this.#links.dropped(cut);
  }

  async probe(probes: readonly Probe[]): Promise<Reach[]> {
    const reaches: Reach[] = [];
    const places = [...new Set(probes.map(({ from }) => from))];
    await Promise.all(
      places.map(async (from) => {
        const own = probes
          .map((probe, index) => ({ probe, index }))
          .filter(({ probe }) => probe.from === from);
        const script = probeScript(
          own.map(({ probe }) => ({ host: addressAt(probe.to), port: probe.port })),
          probeMs,
        );
        const [file, ...args] = inNamespace(from, bash(script));
        const { stdout } = await execa(file!, args, { timeout: 10_000 });
        for (const [i, reach] of readProbes(stdout, own.length).entries()) reaches[own[i]!.index] = reach;
      }),
    );
    return reaches;
  }

  async runAt(
    place: Place,
    command: readonly string[],
    onLine: (line: string) => void,
  ): Promise<RunningProgram> {
    return runHere(inNamespace(place, command), onLine);
  }

  /** The network, the files and anything still running end with the sandbox itself. */
  async dispose(): Promise<void> {
    for (const machine of this.machines.values()) {
      if ((await machine.state()) !== 'gone') await machine.signal('SIGKILL');
    }
  }
}
