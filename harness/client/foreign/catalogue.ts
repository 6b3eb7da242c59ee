import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleBeside } from '../../base/module-beside.ts';
import { usage } from '../../base/trouble.ts';

/** The harness's own wire client: the measuring instrument, not a client under test. */
export const wire = 'wire';

/** Client libraries that have an adapter here, each called as its npm package. */
export const foreignClients = ['zookeeper', 'node-zookeeper-client'] as const;

/** A name above, or the path of a module whose default export is an adapter of the user's own. */
export function checkClient(client: string, field: string): void {
  if (client === wire || isKnown(client) || existsSync(client)) return;
  const known = [wire, ...foreignClients].join(', ');
  throw usage(
    `${field} "${client}"`,
    'no such client, and no such file',
    `use ${known}, or the path of an adapter's module`,
  );
}

const isKnown = (client: string) => foreignClients.some((name) => name === client);

/** URL of the module that adapts a client. */
export function adapterUrl(client: string): string {
  if (!isKnown(client)) return pathToFileURL(resolve(client)).href;
  return moduleBeside(import.meta.url, client).href;
}

/** What to do where a library cannot be loaded. */
export const installRemedy = (client: string) =>
  isKnown(client)
    ? `install it beside the harness: npm install ${client} (zookeeper is built from C: make, g++ and python3)`
    : 'correct the module';
