import type { Undo } from '../base/undo.ts';
import type { Site, SiteRequest } from './backend.ts';
import { makeExternalSite } from './external/site.ts';
import { ownSiteOf } from './own-site-of.ts';
import type { ServerSource } from './server-source.ts';

/** Provisions a topology on the backend a run chose. `undo` is for what would outlive this process. */
export async function siteOf(servers: ServerSource, request: SiteRequest, undo: Undo): Promise<Site> {
  if (servers.backend === 'external') return makeExternalSite(servers, undo);
  return ownSiteOf(servers, request);
}
