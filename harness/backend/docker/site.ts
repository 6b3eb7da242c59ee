import { basename, dirname } from 'node:path';
import type Docker from 'dockerode';
import { Trouble } from '../../base/trouble.ts';
import { isBroker, outsidePort } from '../../topology/brokers.ts';
import { allNodesOf, clientPortOf, type Topology } from '../../topology/topology.ts';
import {
  type Available,
  type Capabilities,
  type ClockAhead,
  type Cut,
  type OwnSite,
  ownServers,
  type Place,
  type Probe,
  type Reach,
  type RunningProgram,
  type SiteRequest,
  type TimedCut,
} from '../backend.ts';
import { FilteredLinks } from '../filtered-links.ts';
import { probeScript, readProbes } from '../tcp-probe.ts';
import { type ClientSide, directClients, hasBridge, proxiedClients } from './client-side.ts';
import { engineClockAhead } from './clock-ahead.ts';
import { openEngine } from './engine.ts';
import { runIn } from './exec.ts';
import { HolderShell } from './holder-shell.ts';
import { siteLabels } from './labels.ts';
import { DockerMachine } from './machine.ts';
import { makeNetwork, type SiteNetwork } from './network.ts';
import type { PodPlan } from './pod.ts';
import type { ContainerServers } from './server-image.ts';
import { Watchdog } from './watchdog.ts';

/** How long a probe waits for an answer before it calls the path silent; a local TCP answer takes well under 1 ms. */
const probeMs = 400;

/** Makes one network and one pod a node. What was made is removed again when that fails half-way. */
export async function makeDockerSite(request: SiteRequest, servers: ContainerServers): Promise<OwnSite> {
  const scenario = basename(dirname(request.logDirectory));
  const labels = await siteLabels(request.runId, scenario, servers.labels);
  const watchdog = Watchdog.start(servers.engine, labels.site);
  try {
    return await provision();
  } catch (error) {
    await watchdog.end().catch((second) => {
      throw new AggregateError([error, second], `${error}; ${second}`);
    });
    throw error;
  }

  async function provision(): Promise<OwnSite> {
    const { topology, clock, logDirectory } = request;
    const { holder: holderImage, clientHost } = servers;
    const docker = openEngine(servers.engine);
    const network = await makeNetwork(docker, labels);
    await watchdog.ready();
    const direct = hasBridge(network);
    // Where the bridge is ours, so is the loopback interface that the engine publishes on.
    const publishOn = direct ? '127.0.0.1' : isLoopback(clientHost) ? clientHost : '0.0.0.0';
    const machines = allNodesOf(topology).map((sid) => {
      const port = isBroker(sid) && !direct ? outsidePort : clientPortOf(topology, sid);
      const plan: PodPlan = { docker, labels, network, sid, topology, holderImage, port, publishOn };
      return new DockerMachine({ plan, servers, logDirectory, clock, watchdog, direct, clientHost });
    });
    // Engines do most of it one after the other; what they do at once fills the second core. When one fails, the others are
    // waited for: an object made after the removal would be left behind.
    const made = await Promise.allSettled(machines.map((machine) => machine.prepare()));
    const failed = made.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    // What one holder can filter they all can, for they share a kernel; a server waits for its own holder only.
    const noFilter = direct
      ? await Promise.race(machines.map((machine) => machine.held()))
      : (await Promise.all(machines.map((machine) => machine.held())))[0];
    const clients = direct ? directClients : await proxiedClients(docker, labels, holderImage);
    return new DockerSite({ docker, topology, network, machines, clients, watchdog, clock, noFilter });
  }
}

const isLoopback = (host: string) => /^127\.|^::1$/.test(host);

interface Parts extends Pick<SiteRequest, 'topology' | 'clock'> {
  docker: Docker;
  network: SiteNetwork;
  machines: readonly DockerMachine[];
  clients: ClientSide;
  watchdog: Watchdog;
  /** Why nft does not work in the holders; undefined when it does. */
  noFilter: string | undefined;
}

const ownAddress: Available = {
  no: 'every container has an address of its own',
  remedy: 'use --backend sandbox',
};

const entryPointWritesIt: Available = {
  no: 'the entry point of a server image writes a myid that is missing',
  remedy: 'use --backend sandbox',
};

class DockerSite implements OwnSite {
  readonly topology: Topology;
  readonly machines: ReadonlyMap<number, DockerMachine>;
  readonly capabilities: Capabilities;
  readonly #parts: Parts;
  readonly #links: FilteredLinks;
  readonly #shells = new Map<string, HolderShell>();

  constructor(parts: Parts) {
    const { topology, machines, noFilter, clock } = parts;
    this.#parts = parts;
    this.topology = topology;
    this.machines = new Map(machines.map((machine) => [machine.sid, machine]));
    const filter: Available =
      noFilter === undefined
        ? 'yes'
        : {
            no: `nft does not work in containers here (${noFilter.trim()})`,
            remedy: 'load the kernel module nf_tables',
          };
    this.capabilities = {
      ...ownServers,
      'no-myid': entryPointWritesIt,
      'shared-address': ownAddress,
      brokers: 'yes',
      'cut-links': filter,
      'cut-ports': filter,
    };
    this.#links = new FilteredLinks({
      sids: machines.map(({ sid }) => sid),
      ports: topology.ports,
      clock,
      addressAt: (place) => this.#addressAt(place),
      nft: async (sid, args, input) => {
        const script = `nft ${args.join(' ')} <<'INPUT'\n${input}\nINPUT`;
        const doing = `filtering packets of ${this.#machine(sid).name}`;
        const { code, stdout, stderr } = await this.#shell(sid, 'packets').run(script, doing);
        if (code === 0) return stdout;
        throw new Trouble(`nft on server ${sid}`, stderr.trim(), 'run `gauntlet doctor`');
      },
    });
  }

  addressOf(sid: number): string {
    return this.#addressAt(sid);
  }

  async setCuts(cuts: readonly TimedCut[]): Promise<void> {
    await this.#allHeld();
    if (this.#parts.noFilter === undefined) await this.#links.setCuts(cuts);
  }

  dropped(cut: Cut): Promise<number | undefined> {
    return this.#links.dropped(cut);
  }

  async probe(probes: readonly Probe[]): Promise<Reach[]> {
    await this.#allHeld();
    const reaches: Reach[] = [];
    await Promise.all(
      [...new Set(probes.map(({ from }) => from))].map(async (from) => {
        const own = probes
          .map((probe, index) => ({ probe, index }))
          .filter(({ probe }) => probe.from === from);
        const targets = own.map(({ probe: { to, port } }) => ({ host: this.#addressAt(to), port }));
        const answers = await this.#probeFrom(from, targets);
        for (const [i, reach] of answers.entries()) reaches[own[i]!.index] = reach;
      }),
    );
    return reaches;
  }

  async runAt(
    place: Place,
    command: readonly string[],
    onLine: (line: string) => void,
  ): Promise<RunningProgram> {
    await this.#allHeld();
    if (place === 'clients') return this.#parts.clients.run(command, onLine);
    const { holder, name } = this.#machine(place);
    return runIn(holder, command, `running a program beside ${name}`, onLine);
  }

  /** Ends all servers and removes every object of the site; the reaper does it, as it would if we had died. */
  clockAhead(): Promise<ClockAhead> {
    return engineClockAhead(this.#parts.docker);
  }

  async dispose(): Promise<void> {
    const { machines, watchdog } = this.#parts;
    for (const machine of machines) machine.expectRemoval();
    await Promise.allSettled(machines.map((machine) => machine.held()));
    await watchdog.end();
    // Whoever waited for a server was told if its engine went away; here it only matters that no line is missing.
    await Promise.allSettled(machines.map((machine) => machine.ended()));
  }

  async #probeFrom(from: Place, targets: readonly { host: string; port: number }[]): Promise<Reach[]> {
    if (from === 'clients') return this.#parts.clients.probe(targets, probeMs);
    const script = probeScript(targets, probeMs);
    const doing = `probing from ${this.#machine(from).name}`;
    const { stdout } = await this.#shell(from, 'probes').run(script, doing);
    return readProbes(stdout, targets.length);
  }

  /** One for each of the two purposes: packets are filtered at once, also while a probe waits for its answers. */
  #shell(sid: number, purpose: 'packets' | 'probes'): HolderShell {
    const key = `${purpose} ${sid}`;
    const shell = this.#shells.get(key) ?? new HolderShell(this.#machine(sid).holder);
    this.#shells.set(key, shell);
    return shell;
  }

  async #allHeld(): Promise<void> {
    await Promise.all(this.#parts.machines.map((machine) => machine.held()));
  }

  #addressAt(place: Place): string {
    const { subnet } = this.#parts.network;
    return place === 'clients' ? subnet.gateway : subnet.addressOf(place);
  }

  #machine(sid: number): DockerMachine {
    const machine = this.machines.get(sid);
    if (!machine) throw new Error(`there is no server ${sid}`);
    return machine;
  }
}
