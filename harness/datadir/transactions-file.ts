import { createWriteStream, readFileSync, renameSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gunzipSync } from 'node:zlib';
import { messageOf, Trouble } from '../base/trouble.ts';
import { formatZxid, type Zxid } from '../history/op.ts';
import type { Collected } from './collect.ts';
import type { AdoptedNode, StoredServer, StoredTransactions } from './stored-transactions.ts';
import type { Transaction } from './transaction.ts';

/** The first line of the file; the last is that of the servers, so a file without it is not whole. */
const firstLine = { format: 'zk-gauntlet.transactions', layout: 1 };

/** Lines that are compressed at a time. */
const batchLines = 1000;

/** One JSON value a line, compressed; whole or not at all. Zxids are written as ZooKeeper prints them. */
export async function writeTransactions(path: string, parts: Iterable<Collected>): Promise<void> {
  await pipeline(Readable.from(batches(parts)), createGzip(), createWriteStream(`${path}.part`));
  renameSync(`${path}.part`, path);
}

function* batches(parts: Iterable<Collected>): Generator<string> {
  let lines = [JSON.stringify(firstLine)];
  for (const part of parts) {
    lines.push(lineOf(part));
    if (lines.length < batchLines) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  // A full batch may have been the last.
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

/** A row is flat, so that it reads well in other tools: {"zxid":"0x100000001","session":…,"type":…,"on":[1,2,3]}. */
function lineOf(part: Collected): string {
  if ('row' in part) {
    const { transaction, on } = part.row;
    return JSON.stringify({ ...transaction, zxid: formatZxid(transaction.zxid), on });
  }
  return JSON.stringify(part, (key, value) =>
    zxidKeys.has(key) && typeof value === 'number' ? formatZxid(value as Zxid) : value,
  );
}

/** What is a zxid in the lines other than rows. */
const zxidKeys = new Set(['zxid', 'czxid', 'mzxid', 'first', 'last']);

/** Reads the file back; a Trouble that names it when it is damaged or of another layout. */
export function readTransactions(path: string): StoredTransactions {
  const stored: StoredTransactions = { servers: [], rows: [], nodes: [] };
  let whole = false;
  try {
    const lines = linesOf(gunzipSync(readFileSync(path)));
    const { format, layout } = JSON.parse(lines.next().value ?? '{}') as Partial<typeof firstLine>;
    if (format !== firstLine.format || layout !== firstLine.layout)
      throw new Error(`format "${format}" in layout ${layout}, not ${JSON.stringify(firstLine)}`);
    for (const line of lines) {
      // Files of a thousand lines, or two, once ended in an empty one.
      if (line === '') continue;
      if (line.startsWith('{"node":')) {
        stored.nodes.push(withoutHex<{ node: AdoptedNode }>(line).node);
      } else if (line.startsWith('{"servers":')) {
        stored.servers = withoutHex<{ servers: StoredServer[] }>(line).servers;
        whole = true;
      } else {
        const { on, ...transaction } = JSON.parse(line) as Transaction & { on: number[] };
        stored.rows.push({ transaction: { ...transaction, zxid: Number(transaction.zxid) as Zxid }, on });
      }
    }
    if (!whole) throw new Error('it has no end');
  } catch (cause) {
    const remedy = 'the file was damaged or written by another version';
    throw new Trouble(path, `unreadable (${messageOf(cause)})`, remedy, { cause });
  }
  return stored;
}

const withoutHex = <T>(line: string): T =>
  JSON.parse(line, (key, value) =>
    zxidKeys.has(key) && typeof value === 'string' ? Number(value) : value,
  ) as T;

/** One line at a time: all of a long run would not fit into one string. */
function* linesOf(bytes: Buffer): Generator<string> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const to = end < 0 ? bytes.length : end;
    yield bytes.toString('utf8', from, to);
    from = to + 1;
  }
}
