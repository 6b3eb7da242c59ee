import { Message, type Schema } from 'apache-arrow';
import { BufferRegion, FieldNode, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { seal, sealBytes } from './seal.ts';

/** Arrow's end of stream: a continuation marker and the length 0. */
export const endOfStream = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/** What stands before a header: a continuation marker and the header's length. */
export const prefixBytes = 8;

/** A column as Arrow stores it: validity (empty when nothing is null), then offsets where it has them, then values. */
export interface StoredColumn {
  nulls: number;
  buffers: readonly Uint8Array[];
}

const aligned = (bytes: number) => (bytes + 7) & ~7;

/** Puts messages together, all in the same memory: each is valid until the next. */
export class Messages {
  private memory = new Uint8Array(0);
  private sequence = 0;

  /** The schema message, with which every stream begins. */
  schema(schema: Schema): Uint8Array {
    const { message } = this.begin(Message.encode(Message.from(schema as never)), 0);
    return this.sealed(message, message.length);
  }

  /** A record batch as one message. Arrow columnar format, "Encapsulated message format". */
  batch(rows: number, columns: readonly StoredColumn[]): Uint8Array {
    const regions: BufferRegion[] = [];
    let bodyBytes = 0;
    for (const { buffers } of columns) {
      for (const { length } of buffers) {
        regions.push(new BufferRegion(bodyBytes, length));
        bodyBytes += aligned(length);
      }
    }
    const nodes = columns.map(({ nulls }) => new FieldNode(rows, nulls));
    const header = Message.encode(Message.from(new RecordBatch(rows, nodes, regions, null), bodyBytes));
    const { message, headEnd } = this.begin(header, bodyBytes);
    let at = headEnd;
    for (const { buffers } of columns) for (const buffer of buffers) at = putAligned(message, buffer, at);
    return this.sealed(message, headEnd);
  }

  /** A message with its header and room for the body. */
  private begin(metadata: Uint8Array, bodyBytes: number): { message: Uint8Array; headEnd: number } {
    const headerBytes = aligned(metadata.length + sealBytes);
    const headEnd = prefixBytes + headerBytes;
    const length = headEnd + bodyBytes;
    if (this.memory.length < length) this.memory = new Uint8Array(length * 2);
    const message = this.memory.subarray(0, length);
    message.fill(0xff, 0, 4);
    new DataView(message.buffer).setInt32(4, headerBytes, true);
    message.set(metadata, prefixBytes);
    message.fill(0, prefixBytes + metadata.length, headEnd);
    return { message, headEnd };
  }

  private sealed(message: Uint8Array, headEnd: number): Uint8Array {
    seal(message, headEnd, this.sequence++);
    return message;
  }
}

/** Copies a buffer and its padding; says where the next one begins. */
function putAligned(message: Uint8Array, buffer: Uint8Array, at: number): number {
  const next = at + aligned(buffer.length);
  message.set(buffer, at);
  message.fill(0, at + buffer.length, next);
  return next;
}
