import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeWelcome, encodeHello, noPassword } from '../../harness/client/handshake.ts';
import { Malformed, Reader, Writer } from '../../harness/client/jute.ts';
import { errorOfParts } from '../../harness/client/multi.ts';
import { type Operation, operations } from '../../harness/client/operations.ts';
import type { PartResult, Request } from '../../harness/client/requests.ts';
import { readWatchEvent } from '../../harness/client/watch-event.ts';
import type { Zxid } from '../../harness/history/op.ts';
import { type Recording, scriptFor, watchesSet } from './fixtures/script.ts';

/** Frames of real servers and of ZooKeeper's own client; the scripts that recorded them lie beside them. */
const recordings = ['3.4.14', '3.5.8', '3.9.5'].map((version) => load(`server-${version}.json`));
const java = load('java-3.9.5.json');

function load(name: string): Recording {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'));
}

function operationOf(request: Request): Operation<Request, unknown> {
  return operations[request.kind] as Operation<Request, unknown>;
}

/** Opcode and body, as they follow the xid. */
function encoded(request: Request): string {
  const operation = operationOf(request);
  const writer = new Writer();
  writer.int(operation.opcode(request));
  operation.encode(writer, request);
  return writer.take().toString('hex');
}

function decoded(request: Request, frame: Buffer) {
  const reader = new Reader(frame);
  const header = { xid: reader.int(), zxid: reader.zxid(), error: reader.int() };
  const body = header.error === 0 ? operationOf(request).decode(reader, request) : null;
  if (header.error === 0) reader.expectEnd();
  return { ...header, body };
}

describe('what we send is, byte for byte, what ZooKeeper’s own client sends', () => {
  const withoutXid = (hex: string) => hex.slice(8);
  const said = java.steps.map(({ name, sent }) => [name, sent] as const);

  test.each(said)('%s', (name, sent) => {
    const step = scriptFor(java.version).find((candidate) => candidate.name === name);
    expect(encoded(step!.request)).toBe(withoutXid(sent));
  });

  test('the recording covers the whole script, but for the empty multi, which Java answers itself', () => {
    const ours = scriptFor(java.version).map(({ name }) => name);
    expect(java.steps.map(({ name }) => name)).toEqual(ours.filter((name) => name !== 'empty multi'));
  });

  test('the first hello', () => {
    const hello = {
      lastZxidSeen: 0,
      timeoutMs: 30_000,
      sessionId: '0',
      password: noPassword,
      readOnly: false,
    };
    expect(encodeHello(hello).subarray(4).toString('hex')).toBe(java.hello);
  });

  test('auth and all watches after a reconnect', () => {
    const [auth, watches] = java.again.sent;
    const credentials = { scheme: 'digest', credentials: 'user:secret' };
    expect(encoded({ kind: 'auth', ...credentials })).toBe(withoutXid(auth!));
    const relativeZxid = new Reader(Buffer.from(watches!, 'hex').subarray(8)).long();
    expect(encoded({ kind: 'setWatches', relativeZxid, watches: watchesSet })).toBe(withoutXid(watches!));
  });
});

describe.each(recordings)('server $version', (recording) => {
  const answers = new Map(
    scriptFor(recording.version).map(({ name, request }, i) => {
      const { received } = recording.steps[i]!;
      return [name, decoded(request, Buffer.from(received, 'hex'))];
    }),
  );
  const answer = (name: string) => answers.get(name)!;
  const modern = recording.version !== '3.4.14';

  test('the connect response', () => {
    const welcome = decodeWelcome(new Reader(Buffer.from(recording.welcome, 'hex')));
    expect(welcome).toMatchObject({ timeoutMs: 10_000, readOnly: false });
    expect(welcome.sessionId).toMatch(/^[0-9a-f]{16}$/);
    expect(welcome.password).toHaveLength(16);
  });

  test('creates, their names and, where asked for, their Stats', () => {
    expect(answer('create')).toMatchObject({ xid: 1, zxid: 2, error: 0, body: { name: '/f', stat: null } });
    expect(answer('create ephemeral sequential').body).toEqual({ name: '/f/e-0000000001', stat: null });
    if (!modern) return;
    for (const [name, path] of [
      ['create2', '/f/two'],
      ['create container', '/f/box'],
      ['create ttl', '/f/ttl'],
    ] as const) {
      const { zxid, body } = answer(name);
      expect(body).toMatchObject({ name: path, stat: { czxid: zxid, mzxid: zxid, dataLength: 5 } });
    }
  });

  test('refusals, each with the zxid of its own error transaction', () => {
    expect(answer('create that exists')).toMatchObject({ zxid: 4, error: -110, body: null });
    const before = answer('setData').zxid;
    expect(answer('setData at a wrong version')).toMatchObject({ zxid: before + 1, error: -103 });
    expect(answer('delete of a parent').error).toBe(-111);
    expect(answer('exists that does not').error).toBe(-101);
  });

  test('data, none, and Stats', () => {
    expect(answer('getData').body).toMatchObject({
      data: 'hello',
      stat: { czxid: 2, version: 0, aversion: 0 },
    });
    expect(answer('getData of none').body).toMatchObject({ data: null, stat: { dataLength: 0 } });
    expect(answer('setData').body).toMatchObject({ version: 1, dataLength: 6, czxid: 2 });
    expect(answer('setData').body).toMatchObject({ mzxid: answer('setData').zxid, ephemeralOwner: '0' });
    const { ctimeMs, mtimeMs } = answer('setData').body as { ctimeMs: number; mtimeMs: number };
    expect(new Date(ctimeMs).getUTCFullYear()).toBeGreaterThan(2025);
    expect(mtimeMs).toBeGreaterThanOrEqual(ctimeMs);
  });

  test('children', () => {
    const { children, stat } = answer('getChildren').body as { children: string[]; stat: object };
    const expected = ['e-0000000001', 'none', ...(modern ? ['two', 'box', 'ttl'] : [])];
    expect(children.sort()).toEqual(expected.sort());
    expect(stat).toMatchObject({ numChildren: expected.length });
  });

  test('multis, whole and failed', () => {
    expect(answer('multi').body).toMatchObject([
      { kind: 'check' },
      { kind: 'create', name: '/f/m' },
      { kind: 'setData', stat: { version: 1 } },
      { kind: 'delete' },
    ]);
    const failed = answer('multi that fails');
    expect(failed).toMatchObject({
      error: 0,
      body: [
        { kind: 'error', error: 0 },
        { kind: 'error', error: -103 },
        { kind: 'error', error: -2 },
      ],
    });
    expect(errorOfParts(failed.body as PartResult[])).toBe(-103);
    expect(answer('empty multi').body).toEqual([]);
  });

  test('auth and ACLs', () => {
    expect(answer('auth')).toMatchObject({ xid: -4, zxid: 0, error: 0 });
    expect(answer('getACL').body).toMatchObject({ acls: [{ perms: 31, scheme: 'digest' }] });
    expect(answer('setACL').body).toMatchObject({ aversion: 1 });
  });

  test('the event that comes before the reply to the write', () => {
    const reader = new Reader(Buffer.from(recording.event, 'hex'));
    const [xid, zxid, error] = [reader.int(), reader.zxid(), reader.int()];
    const event = readWatchEvent(reader, zxid as Zxid);
    expect({ xid, error, ...event }).toMatchObject({
      xid: -1,
      error: 0,
      type: 'NodeDataChanged',
      state: 'SyncConnected',
      path: '/f',
    });
    if (recording.version === '3.9.5') expect(event.zxid).toBeGreaterThan(0);
    else expect(event.zxid).toBe(0);
  });

  test('no cut of any reply crashes its decoder, nor passes for the whole', () => {
    scriptFor(recording.version).forEach(({ request }, i) => {
      const frame = Buffer.from(recording.steps[i]!.received, 'hex');
      for (let length = 0; length < frame.length; length++) {
        expect(() => decoded(request, frame.subarray(0, length))).toThrow(Malformed);
      }
    });
  });

  test('no damage to any reply does anything but decode or be malformed', () => {
    const steps = scriptFor(recording.version).map(({ request }, i) => {
      return { request, frame: Buffer.from(recording.steps[i]!.received, 'hex') };
    });
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...steps), damage, ({ request, frame }, changes) => {
        const damaged = Buffer.from(frame);
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
        expectDecodedOrMalformed(() => decoded(request, damaged));
      }),
      { numRuns: 2000 },
    );
  });
});

test('random bytes are decoded or malformed, in every decoder', () => {
  const requests = scriptFor('3.9.5').map(({ request }) => request);
  fc.assert(
    fc.property(fc.constantFrom(...requests), fc.uint8Array({ maxLength: 120 }), (request, bytes) => {
      const frame = Buffer.concat([Buffer.alloc(16), bytes]);
      expectDecodedOrMalformed(() => decoded(request, frame));
      expectDecodedOrMalformed(() => decodeWelcome(new Reader(Buffer.from(bytes))));
      expectDecodedOrMalformed(() => readWatchEvent(new Reader(Buffer.from(bytes)), 0 as Zxid));
    }),
    { numRuns: 3000 },
  );
});

function expectDecodedOrMalformed(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    expect(error).toBeInstanceOf(Malformed);
  }
}
