import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../harness/backend/docker/engine.ts';
import { Output } from '../../../harness/backend/docker/output.ts';
import { fakeEngine } from './fake-engine.ts';

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
const newFile = () => join(directory, String(files++));

/** As engines send what a container without a terminal prints (Docker Engine API, "Attach to a container"). */
function line(text: string): Buffer {
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

/** Follows a container that prints one line; `then` says how its log goes on. */
async function follow(path: string, then: (response: ServerResponse) => void): Promise<Output> {
  const engine = await fakeEngine((_, response) => {
    response.writeHead(200);
    response.write(line('one\n'), () => then(response));
  });
  const output = await Output.of(openEngine(engine.address).getContainer('x'), path, 'zk1');
  // Each test looks at how the log ends itself.
  void output.whole.catch(() => undefined).then(() => engine[Symbol.asyncDispose]());
  return output;
}

describe('the log of a container', () => {
  it('is whole when the engine ends it', async () => {
    const path = newFile();
    const output = await follow(path, (response) => response.end(line('two\n')));
    await output.whole;
    output.close();
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('is known to be torn as soon as the connection breaks, without asking the engine anything', async () => {
    const path = newFile();
    const output = await follow(path, (response) => response.destroy());
    await expect(output.whole).rejects.toThrow(
      /^Docker engine: does not answer \(aborted\) while following the log of zk1; /,
    );
    output.close();
    expect(readFileSync(path, 'utf8')).toBe('one\n');
  });

  it('is torn when it cannot be stored: the place and the way out are named', async () => {
    // Every write to it fails as on a full disk (full(4)).
    const output = await follow('/dev/full', (response) => response.write(line('two\n')));
    await expect(output.whole).rejects.toThrow(
      /^\/dev\/full: cannot be written \(ENOSPC.*\); make room there/,
    );
    output.close();
  });
});
