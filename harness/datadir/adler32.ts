/** The largest prime below 2^16, and how many bytes can be summed before 32 bits might overflow (RFC 1950; zlib's adler32.c). */
const modulus = 65521;
const blockBytes = 5552;

/** Adler-32 of some bytes, continuing from `sum`: the checksum of ZooKeeper's logs and snapshots (java.util.zip.Adler32). */
export function adler32(bytes: Uint8Array, sum = 1): number {
  let a = sum & 0xffff;
  let b = sum >>> 16;
  for (let from = 0; from < bytes.length; from += blockBytes) {
    const to = Math.min(from + blockBytes, bytes.length);
    for (let i = from; i < to; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= modulus;
    b %= modulus;
  }
  return ((b << 16) | a) >>> 0;
}
