import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineAddress } from '../../../harness/backend/docker/engine.ts';
import { engineHere, ground, skipWithout } from './engine-here.ts';

interface Relay extends AsyncDisposable {
  address: EngineAddress;
  /** Cuts the open connections whose request fits. */
  cut(request: RegExp): void;
}

/** Stands between us and an engine. */
async function relayTo(socketPath: string): Promise<Relay> {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
  const open = new Map<Socket, string>();
  const server = createServer((client) => {
    const upstream = connect(socketPath);
    open.set(client, '');
    // Connections are used again, so the last request counts.
    client.on('data', (chunk) => {
      const [request] = /^(?:GET|POST|PUT) .*/.exec(chunk.toString('latin1')) ?? [];
      if (request) open.set(client, request);
    });
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy()).on('close', () => open.delete(client) && upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  const path = join(directory, 'relay.sock');
  server.listen(path);
  await once(server, 'listening');
  const cut = (request: RegExp) => {
    for (const [client, line] of open) if (request.test(line)) client.destroy();
  };
  return {
    address: { socketPath: path },
    cut,
    async [Symbol.asyncDispose]() {
      cut(/./);
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}

const socketPath = engineHere.engine?.address.socketPath;
const missing = engineHere.missing ?? (socketPath ? undefined : 'the engine has no socket');

describe.skipIf(missing)(`a log that breaks off${skipWithout(missing)}`, () => {
  it('is noticed without a word to the engine, and the server counts as lost although it runs on', async () => {
    await using relay = await relayTo(socketPath!);
    await using place = await ground({ voters: 1 }, 'test-torn', tmpdir(), relay.address);
    const machine = place.site.machines.get(1)!;
    await machine.start();
    relay.cut(/attach/);
    await expect(machine.ended()).rejects.toThrow(
      /^Docker engine: does not answer .* while asking how zk1 ended, whose log is over; /,
    );
    expect(await machine.state()).toBe('running');
  });
});
