import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Message } from 'apache-arrow';
import { afterAll } from 'vitest';
import type { History } from '../../harness/history/history.ts';
import type { Op } from '../../harness/history/op.ts';
import { HistoryWriter } from '../../harness/history/writer.ts';

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-history-'));
let files = 0;
afterAll(() => rmSync(directory, { recursive: true }));

/** A path nothing was written to yet, in a directory that goes away after the tests of the file. */
export const newFile = () => join(directory, `${++files}.arrows`);

export const rowsOf = (history: History): Op[] =>
  Array.from({ length: history.length }, (_, row) => history.op(row));

/** A closed history with one batch for each list. */
export function written(batches: readonly (readonly Op[])[]): string {
  const path = newFile();
  const writer = HistoryWriter.open(path, { flushMs: 60_000 });
  for (const ops of batches) {
    for (const op of ops) writer.append(op);
    writer.flush();
  }
  writer.close();
  return path;
}

/** Ends of the whole messages: the schema, then one a batch. */
export function boundaries(path: string): number[] {
  const bytes = readFileSync(path);
  const ends: number[] = [];
  for (let at = 0; at < bytes.length - 8; ) {
    const headerEnd = at + 8 + bytes.readInt32LE(at + 4);
    at = headerEnd + Message.decode(bytes.subarray(at + 8, headerEnd)).bodyLength;
    ends.push(at);
  }
  return ends;
}
