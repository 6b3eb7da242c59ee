import { crc32 } from 'node:zlib';
import { Trouble } from '../base/trouble.ts';
import { prefixBytes } from './message.ts';
import { layoutKey, layoutVersion } from './schema.ts';
import { sealBytes, sealOf } from './seal.ts';

/** The whole messages of a history file. Nothing of it has been decoded; every byte of it has been checked. */
export interface Frames {
  /** End of the last whole message: everything before can be decoded. */
  end: number;
  /** Offsets of the messages: the schema first, then the record batches. */
  offsets: number[];
  /** The end-of-stream marker was there: the writer closed the file. */
  complete: boolean;
}

/** No message of ours has a header of a tenth of this size; more is a broken length, not a long header. */
const headerBytesMax = 64 * 1024;

/**
 * Walks the messages by their seals. A file that stops in the middle of one was torn by the death of its writer, and
 * all before it is good. Anything else that does not fit is damage and named with its offset (`Trouble`).
 */
export function framesOf(bytes: Uint8Array, path: string): Frames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.byteLength;
  const frames: Frames = { end: 0, offsets: [], complete: false };
  for (let at = 0; size - at >= prefixBytes; at = frames.end) {
    if (view.getUint32(at, true) !== 0xffffffff) {
      if (bytes.subarray(at).every((byte) => byte === 0)) return frames; // blocks the file system never filled
      throw damaged(path, at, 'no message begins here');
    }
    const headerBytes = view.getInt32(at + 4, true);
    if (headerBytes === 0) {
      if (at + prefixBytes !== size)
        throw damaged(path, at + prefixBytes, 'data follows the end of the stream');
      frames.complete = true;
      return frames;
    }
    if (headerBytes < sealBytes || headerBytes > headerBytesMax || headerBytes % 8 !== 0)
      throw damaged(path, at + 4, `a header of ${headerBytes} bytes`);
    const headEnd = at + prefixBytes + headerBytes;
    if (headEnd > size) return frames;
    const head = bytes.subarray(at, headEnd);
    const seal = sealOf(head);
    if (seal === 'missing' && at === 0) throw unsealed(path, head);
    if (seal === 'missing' || seal === 'broken') throw damaged(path, at, 'its header has been changed');
    const expected = frames.offsets.length;
    if (seal.sequence !== expected)
      throw damaged(path, at, `message ${seal.sequence} in place of ${expected}`);
    const end = headEnd + seal.bodyBytes;
    if (end > size) return frames;
    if (crc32(bytes.subarray(headEnd, end)) !== seal.bodyCrc)
      throw damaged(path, at, 'its checksum does not match');
    frames.offsets.push(at);
    frames.end = end;
  }
  return frames;
}

/** A first message without a seal: another Arrow stream, or a history from before there were seals (layout 1). */
function unsealed(path: string, head: Uint8Array): Trouble {
  return Buffer.from(head).includes(layoutKey)
    ? unreadable(path, `layout 1, or a changed header; this harness reads layout ${layoutVersion}`)
    : unreadable(path, 'this Arrow stream is not a history');
}

export function unreadable(path: string, what: string): Trouble {
  return new Trouble(`history ${path}`, what, 'read it with the release that wrote it');
}

export function damaged(path: string, offset: number, what: string): Trouble {
  const remedy = 'the file was changed after it was written, so it proves nothing; run the scenario again';
  return new Trouble(`history ${path}`, `damaged at byte ${offset}: ${what}`, remedy);
}
