import { Malformed } from '../client/jute.ts';
import { adler32 } from './adler32.ts';
import { FileWindow } from './file-window.ts';
import { readTransaction, type Transaction, type TreeDigest } from './transaction.ts';

export interface LogRecord {
  transaction: Transaction;
  digest?: TreeDigest;
}

/**
 * How a log ends. `whole`: behind its last record there is nothing, or the zeros the server reserved. `torn`: the
 * server died while it wrote one more record, which no server counts. `damaged`: something else is there, so what
 * followed is not known.
 */
export type LogEnd =
  | { kind: 'whole'; atByte: number }
  | { kind: 'torn' | 'damaged'; atByte: number; why: string };

/** "ZKLG", and the only format there ever was since 3.0 (FileTxnLog.TXNLOG_MAGIC, VERSION). */
const magic = Buffer.from('ZKLG');
const version = 2;
/** Magic, version and the id of the database (`FileHeader`). */
const headerBytes = 16;
/** Before a record: its checksum in a long and its length in an int. Behind it: one byte, 'B' (Util.writeTxnBytes). */
const prefixBytes = 12;
const endOfRecord = 0x42;
/** The header of a transaction: two longs, an int, a long and an int (`TxnHeader`). */
const leastRecordBytes = 32;

/**
 * The transactions of one log file in the order they were written; the generator's return value is how the file ends.
 * Reads as a server does (FileTxnLog.FileTxnIterator), except that it names the damage on which a server gives up or
 * which it takes for the end. Memory holds one record; reserved zeros are skimmed. Throws only what the file system does.
 */
export function* readLog(path: string): Generator<LogRecord, LogEnd, undefined> {
  using file = new FileWindow(path);
  const strange = strangeHeader(file.peek(headerBytes));
  if (strange) return { ...strange, atByte: 0 };
  file.at = headerBytes;
  for (;;) {
    const atByte = file.at;
    const read = readRecord(file);
    if ('end' in read) return { atByte, ...read.end };
    yield read.record;
  }
}

function strangeHeader(header: Buffer): { kind: 'torn' | 'damaged'; why: string } | undefined {
  if (header.length < headerBytes) {
    const start = header.subarray(0, magic.length);
    const begun = start.equals(magic.subarray(0, start.length));
    return { kind: begun ? 'torn' : 'damaged', why: `only ${header.length} bytes, less than a header` };
  }
  if (!header.subarray(0, magic.length).equals(magic)) {
    return { kind: 'damaged', why: `it does not begin with "${magic}"` };
  }
  const found = header.readInt32BE(magic.length);
  return found === version
    ? undefined
    : { kind: 'damaged', why: `format ${found}; only format ${version} is known` };
}

type End = { kind: 'whole' } | { kind: 'torn' | 'damaged'; why: string };

function readRecord(file: FileWindow): { record: LogRecord } | { end: End } {
  const prefix = file.peek(prefixBytes);
  if (prefix.length < prefixBytes) return { end: endOf(file) };
  const lengthBytes = prefix.readInt32BE(8);
  const wholeBytes = prefixBytes + lengthBytes + 1;
  // Util.readTxnBytes: no length, or no 'B' at its end, is where the log ends.
  if (lengthBytes <= 0 || wholeBytes > file.leftBytes) return { end: endOf(file) };
  const all = file.peek(wholeBytes);
  if (all[wholeBytes - 1] !== endOfRecord) return { end: endOf(file) };
  const body = all.subarray(prefixBytes, wholeBytes - 1);
  if (!checksumFits(all, body))
    return { end: { kind: 'damaged', why: 'the checksum of a record does not match' } };
  if (body.length < leastRecordBytes)
    return { end: { kind: 'damaged', why: `a record of ${body.length} bytes` } };
  try {
    const record = readTransaction(body);
    file.at += wholeBytes;
    return { record };
  } catch (error) {
    if (error instanceof Malformed)
      return { end: { kind: 'damaged', why: `a record with ${error.message}` } };
    throw error;
  }
}

function checksumFits(prefix: Buffer, body: Buffer): boolean {
  return prefix.readUInt32BE(0) === 0 && prefix.readUInt32BE(4) === adler32(body);
}

/** What it means that no whole record begins here. */
function endOf(file: FileWindow): End {
  const rest = untilLastNonZero(file);
  if (rest.length === 0) return { kind: 'whole' };
  const next = wholeRecordIn(rest);
  if (next === undefined) return { kind: 'torn', why: 'the record here is not complete, and none follows' };
  return { kind: 'damaged', why: `no record can be read here, but another one begins ${next} bytes later` };
}

/** Skims the rest of the file in pieces, for it may be 64 MB of zeros (FilePadding), and keeps what is not zero. */
function untilLastNonZero(file: FileWindow): Buffer {
  const from = file.at;
  const pieces: Buffer[] = [];
  let keptBytes = 0;
  while (file.leftBytes > 0) {
    const piece = file.peek(zeros.length);
    const blank = zeros.subarray(0, piece.length);
    file.at += piece.length;
    const isBlank = piece.equals(blank);
    pieces.push(isBlank ? blank : piece);
    if (!isBlank) keptBytes = file.at - from;
  }
  file.at = from;
  const kept = Buffer.concat(pieces, keptBytes);
  let end = kept.length;
  while (end > 0 && kept[end - 1] === 0) end--;
  return kept.subarray(0, end);
}

const zeros = Buffer.alloc(256 * 1024);

/** Offset of the first whole record behind the beginning, found by its own checksum. */
function wholeRecordIn(bytes: Buffer): number | undefined {
  for (let at = 1; at + prefixBytes < bytes.length; at++) {
    const end = at + prefixBytes + bytes.readInt32BE(at + 8);
    if (end <= at + prefixBytes || end >= bytes.length || bytes[end] !== endOfRecord) continue;
    if (checksumFits(bytes.subarray(at, at + prefixBytes), bytes.subarray(at + prefixBytes, end))) return at;
  }
  return undefined;
}
