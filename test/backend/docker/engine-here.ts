import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { Site } from '../../../harness/backend/backend.ts';
import { holderName } from '../../../harness/backend/docker/build-base.ts';
import { type Engine, findEngine } from '../../../harness/backend/docker/discover.ts';
import { label } from '../../../harness/backend/docker/labels.ts';
import { localName, lookAtImage, placesOf } from '../../../harness/backend/docker/present-image.ts';
import type { ContainerServers } from '../../../harness/backend/docker/server-image.ts';
import { makeDockerSite } from '../../../harness/backend/docker/site.ts';
import { type Clock, clockSince, takeOrigin } from '../../../harness/base/clock.ts';
import { messageOf } from '../../../harness/base/trouble.ts';
import { resolveTopology } from '../../../harness/topology/resolve.ts';
import type { TopologyInput } from '../../../harness/topology/topology.ts';

export const version = '3.9.5';

/** The engine with the images these tests need, or why there is none; then they are skipped with that reason. */
export const engineHere: { engine: Engine; missing: undefined } | { engine: undefined; missing: string } =
  await look();

async function look() {
  try {
    const engine = await findEngine();
    for (const name of [holderName, localName(version)]) {
      if (!(await lookAtImage(engine, name))) {
        const remedy = `gauntlet images build --zookeeper ${version}`;
        return { engine: undefined, missing: `the engine has no ${name}; run ${remedy}` };
      }
    }
    return { engine, missing: undefined };
  } catch (error) {
    return { engine: undefined, missing: messageOf(error) };
  }
}

export const skipWithout = (missing: string | undefined) => (missing ? ` (skipped: ${missing})` : '');

export function engine(): Engine {
  if (!engineHere.engine) throw new Error(engineHere.missing);
  return engineHere.engine;
}

export const docker = (): Docker => engine().client.container.dockerode;

function servers(): ContainerServers {
  return {
    engine: engine().address,
    clientHost: engine().clientHost,
    holder: holderName,
    images: { [version]: placesOf(localName(version), []) },
    labels: {},
  };
}

export interface Ground extends AsyncDisposable {
  site: Site;
  clock: Clock;
  logs: string;
  directory: string;
}

/** A site of its own in a directory of its own, made in `parent`; both are gone when it is disposed. */
export async function ground(
  topology: TopologyInput = { voters: 1 },
  run = 'test',
  parent = tmpdir(),
  address = engine().address,
): Promise<Ground> {
  const directory = mkdtempSync(join(parent, 'gauntlet-docker-'));
  const logs = join(directory, 'logs');
  mkdirSync(logs);
  const clock = clockSince(takeOrigin());
  const request = { topology: resolveTopology(topology, version), clock, logDirectory: logs, runId: run };
  const remove = () => rmSync(directory, { recursive: true });
  const site = await makeDockerSite(request, { ...servers(), engine: address }).catch((error) => {
    remove();
    throw error;
  });
  return {
    site,
    clock,
    logs,
    directory,
    async [Symbol.asyncDispose]() {
      await site.dispose();
      remove();
    },
  };
}

/** Names of everything of a run (of any, without one) that is on an engine. */
export async function labelled(run?: string, on: Docker = docker()): Promise<string[]> {
  const filters = { label: [run === undefined ? label.run : `${label.run}=${run}`] };
  const containers = await on.listContainers({ all: true, filters });
  const networks = await on.listNetworks({ filters });
  const { Volumes } = await on.listVolumes({ filters });
  return [
    ...containers.map(({ Names, State }) => `container ${Names[0]} ${State}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
  ].sort();
}
