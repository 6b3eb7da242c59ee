import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Frames, Oversized } from '../../harness/client/frames.ts';

/** Feeds a stream in chunks of the given sizes (repeated as needed) and returns the bodies that came out. */
function cut(stream: Buffer, sizes: readonly number[], maxBytes = 1 << 20): Buffer[] {
  const frames = new Frames(maxBytes);
  const bodies: Buffer[] = [];
  // One buffer for every chunk, as a socket has it: what is kept must have been copied.
  const receive = Buffer.alloc(Math.max(...sizes, 1));
  for (let at = 0, i = 0; at < stream.length; i++) {
    const bytes = stream.copy(receive, 0, at, at + sizes[i % sizes.length]!);
    at += bytes;
    frames.push(receive.subarray(0, bytes));
    while (frames.next()) bodies.push(Buffer.from(frames.bytes.subarray(frames.start, frames.end)));
  }
  return bodies;
}

function framed(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

test('however a stream is cut into chunks, the same frames come out', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 12 });
  const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(bodies, sizes, (expected, chunks) => {
      expect(cut(Buffer.concat(expected.map(framed)), chunks)).toEqual(
        expected.map((body) => Buffer.from(body)),
      );
    }),
    { examples: [[[new Uint8Array(0), new Uint8Array(5)], [1]]] },
  );
});

test('a frame of the largest size passes, one byte more does not', () => {
  expect(cut(framed(Buffer.alloc(100)), [7], 100)).toHaveLength(1);
  expect(() => cut(framed(Buffer.alloc(101)), [7], 100)).toThrow(new Oversized(101, 100));
  expect(() => cut(Buffer.from('80000000', 'hex'), [4], 100)).toThrow(Oversized);
});

test('an announced length alone takes no memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  const frames = new Frames(0x7fffffff);
  frames.push(Buffer.from('7fffffff00', 'hex'));
  expect(frames.next()).toBe(false);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
});
