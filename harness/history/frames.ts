import { Message, MessageHeader } from 'apache-arrow';
import { messageOf, Trouble } from '../base/trouble.ts';

/** The whole messages of an Arrow IPC stream, found by their lengths alone. */
export interface Frames {
  /** End of the last whole message: everything before can be decoded. */
  end: number;
  /** Offset of every whole record batch. */
  batchOffsets: number[];
  hasSchema: boolean;
  /** The end-of-stream marker was there: the writer closed the file. */
  complete: boolean;
}

/** No message of ours has headers of a tenth of this size; more is a broken length, not a long header. */
const headerBytesMax = 1024 * 1024;

/**
 * Walks the messages. A file that stops in the middle of one was torn by the death of its writer, and all before it
 * is good. Anything else that does not fit is damage and named with its offset (`Trouble`).
 * Layout of a message: ff ff ff ff, header length (int32), header, body; Arrow columnar format, "Encapsulated message format".
 */
export function framesOf(bytes: Uint8Array, path: string): Frames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.byteLength;
  const frames: Frames = { end: 0, batchOffsets: [], hasSchema: false, complete: false };
  let at = 0;
  while (size - at >= 8) {
    if (view.getUint32(at, true) !== 0xffffffff) {
      if (bytes.subarray(at).every((byte) => byte === 0)) return frames; // blocks the file system never filled
      throw damaged(path, at, 'no message begins here');
    }
    const headerBytes = view.getInt32(at + 4, true);
    if (headerBytes === 0) {
      if (at + 8 !== size) throw damaged(path, at + 8, 'data follows the end of the stream');
      frames.complete = true;
      return frames;
    }
    if (headerBytes < 0 || headerBytes > headerBytesMax)
      throw damaged(path, at + 4, `a header of ${headerBytes} bytes`);
    if (at + 8 + headerBytes > size) return frames;
    const { bodyBytes, type } = header(bytes.subarray(at + 8, at + 8 + headerBytes), path, at);
    const end = at + 8 + headerBytes + bodyBytes;
    if (end > size) return frames;
    if (type === MessageHeader.RecordBatch) frames.batchOffsets.push(at);
    else frames.hasSchema = true;
    frames.end = end;
    at = end;
  }
  return frames;
}

function header(bytes: Uint8Array, path: string, at: number): { bodyBytes: number; type: MessageHeader } {
  let message: Message;
  try {
    message = Message.decode(bytes);
  } catch (error) {
    throw damaged(path, at, `a header that cannot be read (${messageOf(error)})`);
  }
  const { bodyLength, headerType } = message;
  const expected = at === 0 ? MessageHeader.Schema : MessageHeader.RecordBatch;
  if (headerType !== expected) throw damaged(path, at, `a message of type ${headerType}, not ${expected}`);
  if (!(bodyLength >= 0 && bodyLength < 2 ** 31)) throw damaged(path, at, `a body of ${bodyLength} bytes`);
  return { bodyBytes: bodyLength, type: headerType };
}

export function damaged(path: string, offset: number, what: string): Trouble {
  const remedy = 'the file was changed after it was written, so it proves nothing; run the scenario again';
  return new Trouble(`history ${path}`, `damaged at byte ${offset}: ${what}`, remedy);
}
