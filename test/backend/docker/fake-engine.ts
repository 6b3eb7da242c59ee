import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineAddress } from '../../../harness/backend/docker/engine.ts';

export interface FakeEngine extends AsyncDisposable {
  address: EngineAddress;
  /** Every request so far: "POST /containers/x/unpause", without its query. */
  requests: string[];
}

/** Answers on a socket of its own like an engine that does what `answer` says. */
export async function fakeEngine(
  answer: (request: string, response: ServerResponse) => void,
): Promise<FakeEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
  const socketPath = join(directory, 'engine.sock');
  const requests: string[] = [];
  const server = createServer(({ method, url = '' }, response) => {
    const request = `${method} ${url.split('?')[0]}`;
    requests.push(request);
    answer(request, response);
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    address: { socketPath },
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
