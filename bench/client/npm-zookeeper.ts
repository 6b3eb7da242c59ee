import { createRequire } from 'node:module';
import { join } from 'node:path';
import { benchPath, benchValue, type Round, serveRounds } from './rounds.ts';

/** npm `zookeeper`, the binding of the C client. Its directory of modules is the argument. */
interface Client {
  create(path: string, data: string, flags: number): Promise<string>;
  get(path: string, watch: boolean): Promise<unknown>;
  set(path: string, data: string, version: number): Promise<unknown>;
  close(): void;
  once(event: 'connect', listener: () => void): void;
  init(config: Record<string, unknown>): void;
}

const modules = process.argv[2]!;
const { Promise: ZooKeeper } = createRequire(join(modules, 'index.js'))('zookeeper') as {
  Promise: new (config: Record<string, unknown>) => Client;
};

await serveRounds<Client>({
  open({ host, port }: Round) {
    const config = {
      connect: `${host}:${port}`,
      timeout: 10_000,
      debug_level: 1,
      host_order_deterministic: true,
      response_counter_limit: 2147483647,
    };
    const client = new ZooKeeper(config);
    return new Promise((resolve) => {
      client.once('connect', () => setImmediate(resolve, client));
      client.init(config);
    });
  },
  prepare: (client) =>
    client.create(benchPath, benchValue, 0).catch((error: Error) => {
      // Only its data is read and written, so one that is there already (ZNODEEXISTS, -110) will do.
      if (!error.message.startsWith('-110 ')) throw error;
    }),
  get: (client) => client.get(benchPath, false),
  set: (client) => client.set(benchPath, benchValue, -1),
  close: async (client) => client.close(),
});
