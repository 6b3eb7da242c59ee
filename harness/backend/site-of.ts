import type { ScenarioOrder } from '../run/events.ts';
import type { BackendName, Site, SiteRequest } from './backend.ts';
import { launcherOf } from './sandbox/launcher.ts';
import { makeSandboxSite } from './sandbox/site.ts';

/** Provisions a topology on the backend a run chose. */
export async function siteOf(
  backend: BackendName,
  order: ScenarioOrder,
  request: SiteRequest,
): Promise<Site> {
  if (backend !== 'sandbox') throw new Error(`no backend ${backend} yet`);
  return makeSandboxSite(request, launcherOf(request.topology, order.java, order.software));
}
