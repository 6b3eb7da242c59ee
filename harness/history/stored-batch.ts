import type { Data, RecordBatch } from 'apache-arrow';
import { type Declaration, declarationsIn } from './declaration.ts';
import type { Stat, Zxid } from './op.ts';
import { type ColumnName, columnNames, declarationKind, textFormBits, textForms } from './schema.ts';

/** A record batch read back: its operations, and what it declared; texts and Stats are decoded when somebody asks. */
export class StoredBatch {
  /** Operations; the declarations that may follow them are not counted. */
  readonly rows: number;
  readonly node: Int32Array;
  readonly form: Uint8Array;
  readonly version: Int32Array;
  readonly zxid: BigInt64Array;
  readonly mzxidBack: Uint32Array;
  /** All that its file has declared; complete when the file has been read. */
  readonly declared: readonly Declaration[];
  private readonly batch: RecordBatch;
  private readonly mtimeAfterMs: Uint32Array;
  private readonly text: TextCells;

  /** Adds what the batch declares to `declared`. */
  constructor(batch: RecordBatch, declared: Declaration[]) {
    this.batch = batch;
    this.declared = declared;
    this.text = new TextCells(dataOf(batch, 'text'));
    const last = batch.numRows - 1;
    const declares = last >= 0 && dataOf(batch, 'kind').values[last] === declarationKind;
    this.rows = declares ? last : batch.numRows;
    this.node = this.column('node');
    this.form = this.column('form');
    this.version = this.column('version');
    this.zxid = this.column('zxid');
    this.mzxidBack = this.column('mzxidBack');
    this.mtimeAfterMs = this.column('mtimeAfterMs');
    if (declares) for (const declaration of this.declarations(last)) declared.push(declaration);
    if (this.node.some((node) => declared[node] === undefined))
      throw new Error('an operation on a node that is not declared');
  }

  /** The numbers of a column, one an operation. */
  column<T extends { subarray(from: number, to: number): T }>(name: ColumnName): T {
    return (dataOf(this.batch, name).values as T).subarray(0, this.rows);
  }

  value(row: number): string | null {
    switch (this.textForm(row)) {
      case textForms.value:
      case textForms.valueAndPath:
        return this.text.at(row);
      case textForms.both:
        return this.both(row)[0];
      default:
        return null;
    }
  }

  result(row: number): string | null {
    switch (this.textForm(row)) {
      case textForms.result:
        return this.text.at(row);
      case textForms.both:
        return this.both(row)[1];
      case textForms.valueAndPath:
        return this.declared[this.node[row]!]!.path;
      default:
        return null;
    }
  }

  stat(row: number): Stat | null {
    const { stat } = this.declared[this.node[row]!]!;
    if (stat === null) return null;
    return {
      czxid: stat.czxid,
      mzxid: stat.mzxid ?? ((Number(this.zxid[row]!) - this.mzxidBack[row]!) as Zxid),
      ctimeMs: stat.ctimeMs,
      mtimeMs: stat.mtimeMs ?? stat.ctimeMs + this.mtimeAfterMs[row]!,
      version: this.version[row]!,
      cversion: stat.cversion,
      aversion: stat.aversion,
      ephemeralOwner: stat.ephemeralOwner,
      dataLength: stat.dataLength ?? this.valueBytes(row),
      numChildren: stat.numChildren,
      pzxid: stat.pzxid,
    };
  }

  private declarations(row: number): Declaration[] {
    const first = dataOf(this.batch, 'node').values[row];
    const expected = this.declared.length;
    if (first !== expected) throw new Error(`node ${first} is declared in place of ${expected}`);
    return declarationsIn(this.text.at(row)!);
  }

  private valueBytes(row: number): number {
    const form = this.textForm(row);
    if (form === textForms.value || form === textForms.valueAndPath) return this.text.bytesAt(row);
    return Buffer.byteLength(this.value(row) ?? '');
  }

  private both(row: number): [string, string] {
    return JSON.parse(this.text.at(row)!) as [string, string];
  }

  private textForm(row: number): number {
    return this.form[row]! & textFormBits;
  }
}

class TextCells {
  private readonly validity: Uint8Array | undefined;
  private readonly offsets: Int32Array;
  private readonly bytes: Buffer;

  constructor(data: Data) {
    this.validity = data.nullCount > 0 ? data.nullBitmap : undefined;
    this.offsets = data.valueOffsets;
    const { buffer, byteOffset, byteLength } = data.values as Uint8Array;
    this.bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  }

  at(row: number): string | null {
    const isNull = this.validity !== undefined && ((this.validity[row >> 3]! >> (row & 7)) & 1) === 0;
    return isNull ? null : this.bytes.toString('utf8', this.offsets[row]!, this.offsets[row + 1]!);
  }

  /** 0 for null. */
  bytesAt(row: number): number {
    return this.offsets[row + 1]! - this.offsets[row]!;
  }
}

function dataOf(batch: RecordBatch, name: ColumnName): Data {
  return batch.data.children[columnNames.indexOf(name)]! as Data;
}
