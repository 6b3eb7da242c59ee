import { Malformed } from '../client/jute.ts';

/** What snappy-java puts before its blocks (SnappyCodec): 82 "SNAPPY" 00, then two version numbers. */
const magic = Buffer.from('82534e4150505900', 'hex');
const streamHeaderBytes = 16;

/** Undoes SnappyOutputStream: a header, then blocks of an int32 length and raw Snappy. Throws `Malformed`. */
export function unsnappy(stream: Buffer): Buffer {
  if (!stream.subarray(0, magic.length).equals(magic) || stream.length < streamHeaderBytes) {
    throw new Malformed('a beginning that is not that of a Snappy stream');
  }
  const blocks: Buffer[] = [];
  for (let at = streamHeaderBytes; at < stream.length; ) {
    const lengthBytes = stream.length - at < 4 ? -1 : stream.readInt32BE(at);
    at += 4;
    if (lengthBytes < 0 || lengthBytes > stream.length - at)
      throw new Malformed('a Snappy block that ends early');
    blocks.push(unsnappyBlock(stream.subarray(at, at + lengthBytes)));
    at += lengthBytes;
  }
  return Buffer.concat(blocks);
}

/** No element gives more than this many bytes for one of its own (64 bytes for 3), so a length beyond it is a lie. */
const gainMax = 64;

/** Raw Snappy (google/snappy, format_description.txt): the length as a varint, then literals and copies. */
function unsnappyBlock(block: Buffer): Buffer {
  let at = 0;
  const byte = (): number => {
    if (at >= block.length) throw new Malformed('a Snappy block that ends early');
    return block[at++]!;
  };
  const little = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += byte() * 2 ** (8 * i);
    return value;
  };
  const size = varint(byte);
  if (size > block.length * gainMax) throw new Malformed(`a Snappy block of ${size} bytes`);
  const out = Buffer.alloc(size);
  let filled = 0;
  while (at < block.length) {
    const tag = byte();
    const kind = tag & 3;
    const high = tag >>> 2;
    const length =
      kind === 1 ? (high & 7) + 4 : kind > 1 ? high + 1 : (high < 60 ? high : little(high - 59)) + 1;
    if (length > size - filled) throw new Malformed('a Snappy block longer than it says');
    if (kind === 0) {
      if (length > block.length - at) throw new Malformed('a Snappy block that ends early');
      block.copy(out, filled, at, at + length);
      at += length;
    } else {
      const back = kind === 1 ? ((tag >>> 5) << 8) | byte() : little(kind === 2 ? 2 : 4);
      if (back === 0 || back > filled) throw new Malformed('a Snappy copy from before the beginning');
      // Source and target may overlap, and then what was just copied is copied again.
      for (let i = 0; i < length; i++) out[filled + i] = out[filled - back + i]!;
    }
    filled += length;
  }
  if (filled !== size) throw new Malformed('a Snappy block shorter than it says');
  return out;
}

function varint(byte: () => number): number {
  let value = 0;
  for (let shift = 0; shift < 32; shift += 7) {
    const next = byte();
    value += (next & 0x7f) * 2 ** shift;
    if (next < 0x80) return value;
  }
  throw new Malformed('a Snappy length that does not end');
}
