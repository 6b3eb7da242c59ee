import type { Site, SiteRequest } from './backend.ts';
import { makeDockerSite } from './docker/site.ts';
import { launcherOf } from './sandbox/launcher.ts';
import { makeSandboxSite } from './sandbox/site.ts';
import type { ServerSource } from './server-source.ts';

/** Provisions a topology on the backend a run chose. */
export async function siteOf(servers: ServerSource, request: SiteRequest): Promise<Site> {
  if (servers.backend === 'docker') return makeDockerSite(request, servers);
  return makeSandboxSite(request, launcherOf(request.topology, servers.java, servers.software));
}
