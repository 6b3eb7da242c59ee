import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { bash } from '../../harness/backend/bash.ts';
import { probeScript, readProbes } from '../../harness/backend/tcp-probe.ts';

test('a connect to a listener is open and to a closed port is refused', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const script = probeScript(
    [
      { host: '127.0.0.1', port },
      { host: '127.0.0.1', port: 7 },
    ],
    500,
  );
  const [file, ...args] = bash(script);
  const output = execFileSync(file!, args, { encoding: 'utf8' });
  server.close();
  expect(readProbes(output, 2)).toEqual(['open', 'refused']);
});

test('a try that had to be ended is silent, whatever order the answers come in', () => {
  expect(readProbes('1 0 \n0 124 \n', 2)).toEqual(['silent', 'open']);
  expect(readProbes('0 1 bash: connect: No route to host bash: line 1: /dev/tcp/10.0.0.1/7\n', 1)).toEqual([
    'unreachable',
  ]);
});

test('an answer that is missing or not understood is an error, never a result', () => {
  expect(() => readProbes('0 0 \n', 2)).toThrow('probe 1 of 2 printed nothing');
  expect(() => readProbes('0 1 bash: something else\n', 1)).toThrow('something else');
});
