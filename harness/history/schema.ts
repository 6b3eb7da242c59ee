import { Field, Float64, Int8, Int32, Int64, Schema, Uint8, Uint32, Utf8 } from 'apache-arrow';
import { opKinds, outcomes, phases } from './op.ts';

/** Field of the file's own metadata that names the version of this layout. */
export const layoutKey = 'zk-gauntlet.history';
export const layoutVersion = '2';

/**
 * The columns of a history file: 59 bytes a row and its text. Plain types only, no dictionaries: polars and DuckDB
 * cannot read a stream whose dictionaries grow. What many rows share (path, most of a Stat) stands once in a
 * declaration that `node` numbers; the last row of a batch with new ones has the kind `declarationKind` and holds them
 * as a JSON array in `text`. docs/run-directory.md tells what each column means.
 */
const columns = {
  session: new Int32(),
  xid: new Int32(),
  kind: new Uint8(),
  server: new Uint8(),
  phase: new Uint8(),
  outcome: new Uint8(),
  flags: new Uint8(),
  form: new Uint8(),
  error: new Int8(),
  invokedNs: new Float64(),
  returnedNs: new Float64(),
  zxid: new Int64(),
  node: new Int32(),
  version: new Int32(),
  mzxidBack: new Uint32(),
  mtimeAfterMs: new Uint32(),
  text: new Utf8(),
} as const;
export type ColumnName = keyof typeof columns;

export const columnNames = Object.keys(columns) as readonly ColumnName[];
const fields = columnNames.map((name) => new Field(name, columns[name], name === 'text'));

/** Kind of the row that declares the nodes its batch met first; no operation. */
export const declarationKind = 255;

/** What `text` holds, in the low two bits of `form`. */
export const textForms = {
  value: 0,
  result: 1,
  /** JSON array of both. */
  both: 2,
  /** The value; the result is the path (a node created under the name asked for). */
  valueAndPath: 3,
} as const;
export const textFormBits = 0b11;
/** Bit of `form`: the operation asked for the version before `version`, which is that of its Stat. */
export const afterAskedBit = 0b100;

export const historySchema = new Schema(
  fields,
  new Map([
    [layoutKey, layoutVersion],
    ['kinds', JSON.stringify(opKinds)],
    ['phases', JSON.stringify(phases)],
    ['outcomes', JSON.stringify(outcomes)],
    ['declarationKind', String(declarationKind)],
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
