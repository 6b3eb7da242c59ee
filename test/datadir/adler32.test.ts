import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adler32 } from '../../harness/datadir/adler32.ts';

test('sums as the standard says', () => {
  // RFC 1950, 8.2: an empty text has the sum 1. "Wikipedia" is the well-known example.
  expect(adler32(Buffer.from(''))).toBe(1);
  expect(adler32(Buffer.from('Wikipedia'))).toBe(0x11e60398);
});

test('sums pieces as it sums the whole, beyond the block in which it cannot overflow', () => {
  const worst = Buffer.alloc(20_000, 0xff);
  fc.assert(
    fc.property(fc.nat(worst.length), (at) => {
      expect(adler32(worst.subarray(at), adler32(worst.subarray(0, at)))).toBe(adler32(worst));
    }),
  );
  expect(adler32(worst)).toBe(slowly(worst));
});

function slowly(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}
