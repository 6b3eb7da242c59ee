import { createRequire } from 'node:module';
import { join } from 'node:path';
import { benchPath, benchValue, serveRounds } from './rounds.ts';

/** npm `node-zookeeper-client`, plain JavaScript. Its directory of modules is the argument. */
type Callback = (error: Error | null) => void;
interface Client {
  connect(): void;
  close(): void;
  once(event: 'connected', listener: () => void): void;
  create(path: string, data: Buffer, callback: Callback): void;
  getData(path: string, callback: Callback): void;
  setData(path: string, data: Buffer, version: number, callback: Callback): void;
}

const modules = process.argv[2]!;
const { createClient } = createRequire(join(modules, 'index.js'))('node-zookeeper-client') as {
  createClient(server: string, options: { sessionTimeout: number }): Client;
};
const value = Buffer.from(benchValue);

await serveRounds<Client>({
  open({ host, port }) {
    const client = createClient(`${host}:${port}`, { sessionTimeout: 10_000 });
    return new Promise((resolve) => {
      client.once('connected', () => resolve(client));
      client.connect();
    });
  },
  // A node that exists already is fine: only its data is read and written.
  prepare: (client) => new Promise<void>((resolve) => client.create(benchPath, value, () => resolve())),
  get: (client) => settled((callback) => client.getData(benchPath, callback)),
  set: (client) => settled((callback) => client.setData(benchPath, value, -1, callback)),
  close: async (client) => client.close(),
});

function settled(start: (callback: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
