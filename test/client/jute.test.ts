import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Malformed, Reader, Writer } from '../../harness/client/jute.ts';

function written(write: (writer: Writer) => void): Reader {
  const writer = new Writer();
  write(writer);
  return new Reader(writer.take());
}

describe('a value comes back as it was written', () => {
  test('an int', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(written((writer) => writer.int(value)).int()).toBe(value);
      }),
    );
  });

  test('a long, also -1 and everything a double holds exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(written((writer) => writer.long(value)).long()).toBe(value);
      }),
      { examples: [[-1], [0], [2 ** 32], [-(2 ** 32)], [2 ** 53 - 1], [0x1_ffff_ffff]] },
    );
  });

  test('a 64-bit session id as hex', () => {
    const hex = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map((id) => id.toString(16).padStart(16, '0'));
    fc.assert(
      fc.property(hex, (id) => {
        expect(written((writer) => writer.hexLong(id)).hexLong()).toBe(id);
      }),
      { examples: [['8000000000000000'], ['ffffffffffffffff'], ['00000000ffffffff']] },
    );
    expect(written((writer) => writer.hexLong('0')).hexLong()).toBe('0');
  });

  test('text, empty, long, and beyond ASCII', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(text, (value) => {
        expect(written((writer) => writer.bytes(value)).ustring()).toBe(value);
      }),
      { examples: [[''], ['a'.repeat(24)], ['a'.repeat(25)], ['é'], ['\ufffd'], ['x\u0000y']] },
    );
    expect(written((writer) => writer.bytes(null)).ustring()).toBeNull();
  });

  test('bytes, as text when they are UTF-8 and as bytes when not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (value) => {
        const read = written((writer) => writer.bytes(value)).textOrBytes();
        expect(Buffer.from(read ?? 'null')).toEqual(Buffer.from(value));
      }),
    );
    expect(written((writer) => writer.bytes(Buffer.of(0xff))).textOrBytes()).toEqual(Buffer.of(0xff));
    expect(written((writer) => writer.bytes('\ufffd')).textOrBytes()).toBe('\ufffd');
    expect(written((writer) => writer.bytes(null)).textOrBytes()).toBeNull();
  });
});

test('batches larger than a chunk stay whole, and a batch handed over is never written again', () => {
  const texts = fc.array(fc.nat({ max: 9000 }), { maxLength: 40 });
  fc.assert(
    fc.property(texts, (lengths) => {
      const writer = new Writer();
      const batches = lengths.map((length, i) => {
        const mark = writer.beginFrame();
        writer.bytes(String.fromCharCode(97 + (i % 26)).repeat(length));
        writer.endFrame(mark);
        return writer.take();
      });
      batches.forEach((batch, i) => {
        const reader = new Reader(batch);
        expect(reader.int()).toBe(batch.length - 4);
        expect(reader.ustring()).toBe(String.fromCharCode(97 + (i % 26)).repeat(lengths[i]!));
        reader.expectEnd();
      });
    }),
    { numRuns: 30 },
  );
});

describe('what is not jute is refused', () => {
  const refused: [string, Buffer, (reader: Reader) => unknown][] = [
    ['an int in three bytes', Buffer.alloc(3), (reader) => reader.int()],
    ['a long in seven bytes', Buffer.alloc(7), (reader) => reader.long()],
    ['a long no double holds', Buffer.from('0020000000000000', 'hex'), (reader) => reader.long()],
    ['a boolean in no byte', Buffer.alloc(0), (reader) => reader.bool()],
    ['a string of length -2', Buffer.from('fffffffe', 'hex'), (reader) => reader.ustring()],
    ['a string longer than what is there', Buffer.from('00000002aa', 'hex'), (reader) => reader.ustring()],
    ['a buffer of 2 GiB', Buffer.from('7fffffff00', 'hex'), (reader) => reader.bytes()],
    ['a null where the protocol has none', Buffer.from('ffffffff', 'hex'), (reader) => reader.text()],
    [
      'a vector of more items than bytes',
      Buffer.from('0000000300000000', 'hex'),
      (reader) => reader.vector(4, () => reader.int()),
    ],
    ['a vector of -2', Buffer.from('fffffffe', 'hex'), (reader) => reader.vector(4, () => reader.int())],
    ['bytes after the end', Buffer.alloc(1), (reader) => reader.expectEnd()],
  ];

  test.each(refused)('%s', (_, bytes, read) => {
    expect(() => read(new Reader(bytes))).toThrow(Malformed);
  });

  test('and nothing outside its range is read, whatever lies there', () => {
    const around = Buffer.from('00000004616263646566', 'hex');
    expect(() => new Reader(around, 0, 6).ustring()).toThrow(Malformed);
    expect(new Reader(around, 0, 8).ustring()).toBe('abcd');
  });
});
