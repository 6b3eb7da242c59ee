import type Docker from 'dockerode';
import { findEngine } from './discover.ts';
import { ask } from './engine.ts';
import { type Labels, label, ownerOf } from './labels.ts';
import { Watchdog } from './watchdog.ts';

/** Objects that were created together, and what became of them. */
export interface Swept {
  site: string;
  run: string;
  scenario: string;
  objects: number;
  /** `kept`: a live process owns them. `unsure`: their owner is of another machine or container. */
  fate: 'removed' | 'kept' | 'unsure';
}

/**
 * Removes what was left by processes that have surely ended: a crash of the engine, of the machine, or of a reaper. What
 * has no label of ours, or an owner that lives or cannot be seen from here, is left alone.
 */
export async function sweep(): Promise<Swept[]> {
  const { address, client } = await findEngine();
  const sites = new Map<string, Labels[]>();
  for (const labels of await labelled(client.container.dockerode)) {
    const site = labels[label.site];
    if (site) sites.set(site, [...(sites.get(site) ?? []), labels]);
  }
  return Promise.all(
    [...sites].map(async ([site, objects]): Promise<Swept> => {
      const labels = objects[0]!;
      const owner = await ownerOf(labels);
      const about = {
        site,
        run: labels[label.run] ?? '',
        scenario: labels[label.scenario] ?? '',
        objects: objects.length,
      };
      if (owner !== 'gone') return { ...about, fate: owner === 'alive' ? 'kept' : 'unsure' };
      const watchdog = Watchdog.start(address, site);
      await watchdog.end();
      return { ...about, fate: 'removed' };
    }),
  );
}

/** The labels of every container, network and volume that has ours. */
async function labelled(docker: Docker): Promise<Labels[]> {
  const filters = { label: [label.site] };
  const containers = await ask('listing containers', docker.listContainers({ all: true, filters }));
  const networks = await ask('listing networks', docker.listNetworks({ filters }));
  const { Volumes } = await ask('listing volumes', docker.listVolumes({ filters }));
  return [
    ...containers.map(({ Labels }) => Labels),
    ...networks.map(({ Labels }) => Labels ?? {}),
    ...(Volumes ?? []).map(({ Labels }) => Labels ?? {}),
  ];
}
