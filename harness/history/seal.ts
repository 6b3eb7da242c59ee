import { crc32 } from 'node:zlib';

/**
 * A seal ends the header of every message, behind the flatbuffer, where readers of Arrow take it for padding. It tells
 * whether a message is whole and unchanged before a byte of it is decoded. Five words, little endian: magic, number of
 * the message in its file, bytes of its body, CRC-32 of the body, CRC-32 of all before (prefix included).
 */
export const sealBytes = 20;
const magic = 0x326b7a67;

export interface Seal {
  sequence: number;
  bodyBytes: number;
  bodyCrc: number;
}

/** Writes the seal of a message whose header ends at `headEnd` and which is complete otherwise. */
export function seal(message: Uint8Array, headEnd: number, sequence: number): void {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const words = [magic, sequence, message.length - headEnd, crc32(message.subarray(headEnd))];
  words.forEach((word, i) => {
    view.setUint32(headEnd - sealBytes + i * 4, word, true);
  });
  view.setUint32(headEnd - 4, crc32(message.subarray(0, headEnd - 4)), true);
}

/** The seal of a header (prefix included); `missing` where none was ever written, `broken` when a byte has changed. */
export function sealOf(head: Uint8Array): Seal | 'missing' | 'broken' {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const word = (i: number) => view.getUint32(head.length - sealBytes + i * 4, true);
  if (word(0) !== magic) return 'missing';
  if (word(4) !== crc32(head.subarray(0, -4))) return 'broken';
  return { sequence: word(1), bodyBytes: word(2), bodyCrc: word(3) };
}
