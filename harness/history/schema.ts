import { crc32 } from 'node:zlib';
import {
  Binary,
  type Data,
  Field,
  Float64,
  Int16,
  Int32,
  Int64,
  type RecordBatch,
  Schema,
  Uint8,
  Utf8,
} from 'apache-arrow';
import { opKinds, outcomes, phases } from './op.ts';

/** Field of the file's own metadata that names the version of this layout. */
const layoutKey = 'zk-gauntlet.history';
const layoutVersion = '1';

/** Field of a record batch's metadata that holds the CRC-32 of its columns. */
export const checksumKey = 'crc32';

/**
 * The columns of `Op`, one field each, 71 bytes a row without the text. Plain types only, no dictionaries: polars and
 * DuckDB cannot read a stream whose dictionaries grow. Times are doubles (whole ns, exact for 104 days), zxids Int64.
 * `stat` holds the 68 bytes of the wire; `mzxid` and `statVersion` repeat two of its fields for tools and fast rules.
 */
const fields = [
  new Field('session', new Int32()),
  new Field('xid', new Int32()),
  new Field('kind', new Uint8()),
  new Field('server', new Uint8()),
  new Field('phase', new Uint8()),
  new Field('outcome', new Uint8()),
  new Field('error', new Int16()),
  new Field('invokedNs', new Float64()),
  new Field('returnedNs', new Float64()),
  new Field('zxid', new Int64()),
  new Field('path', new Utf8()),
  new Field('value', new Utf8(), true),
  new Field('version', new Int32()),
  new Field('flags', new Uint8()),
  new Field('mzxid', new Int64()),
  new Field('statVersion', new Int32()),
  new Field('stat', new Binary(), true),
  new Field('result', new Utf8(), true),
];

export const columnNames: readonly string[] = fields.map((field) => field.name);

export const historySchema = new Schema(
  fields,
  new Map([
    [layoutKey, layoutVersion],
    ['kinds', JSON.stringify(opKinds)],
    ['phases', JSON.stringify(phases)],
    ['outcomes', JSON.stringify(outcomes)],
  ]),
);

/** Says in what way a schema read from a file is not ours; nothing when it is. */
export function strangeSchema(schema: Schema): string | undefined {
  const version = schema.metadata.get(layoutKey);
  if (version === undefined) return 'this Arrow stream is not a history';
  if (version !== layoutVersion) return `layout ${version}, this harness reads layout ${layoutVersion}`;
  const wanted = historySchema.fields.map((field) => `${field.name}: ${field.type}`).join(', ');
  const found = schema.fields.map((field) => `${field.name}: ${field.type}`).join(', ');
  return found === wanted ? undefined : `its columns are ${found}`;
}

/** CRC-32 over what the columns hold (validity, offsets, values); padding is left out, so writer and reader agree. */
export function checksumOf(batch: RecordBatch): string {
  let crc = 0;
  for (const column of batch.data.children as Data[]) {
    const rows = column.length;
    if (column.nullCount > 0 && column.nullBitmap)
      crc = crc32(column.nullBitmap.subarray(0, (rows + 7) >> 3), crc);
    if (column.valueOffsets === undefined) {
      crc = crc32(bytesOf(column.values, rows), crc);
      continue;
    }
    const offsets = column.valueOffsets as Int32Array;
    crc = crc32(bytesOf(offsets, rows + 1), crc);
    crc = crc32((column.values as Uint8Array).subarray(offsets[0] ?? 0, offsets[rows] ?? 0), crc);
  }
  return crc.toString(16).padStart(8, '0');
}

function bytesOf(array: ArrayBufferView & { BYTES_PER_ELEMENT: number }, length: number): Uint8Array {
  return new Uint8Array(
    array.buffer,
    array.byteOffset,
    Math.min(array.byteLength, length * array.BYTES_PER_ELEMENT),
  );
}
