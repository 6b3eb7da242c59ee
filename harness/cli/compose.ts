import { usage } from '../base/trouble.ts';
import { composeFile } from '../topology/compose-file.ts';
import { parseTopology } from '../topology/notation.ts';
import { resolveTopology } from '../topology/resolve.ts';
import { checkVersion } from '../topology/version.ts';

interface ComposeCommandOptions {
  zookeeper: string;
  image?: string;
  port: string;
}

/** `gauntlet compose 3+2`: prints a docker-compose file and nothing else. */
export function composeCommand(word: string, { zookeeper, image, port }: ComposeCommandOptions): void {
  checkVersion(zookeeper, '--zookeeper');
  const topology = resolveTopology(parseTopology(word), zookeeper);
  const firstPort = Number(port);
  const lastPort = firstPort + topology.nodes.length - 1;
  if (!/^\d+$/.test(port) || firstPort < 1 || lastPort > 65535) {
    const servers = topology.nodes.length;
    throw usage(
      `--port ${port}`,
      'no port',
      `give one from 1 to ${65536 - servers}: ${servers} servers follow each other`,
    );
  }
  process.stdout.write(composeFile(topology, { firstPort, ...(image !== undefined && { image }) }));
}
