import { never } from '../base/never.ts';
import { createOpcode, writeCreate, writePathAndVersion, writeSetData } from './bodies.ts';
import { Malformed, type Reader, type Writer } from './jute.ts';
import { type MultiPart, opcodes, type PartResult } from './requests.ts';
import { readStat } from './stat.ts';

/**
 * Multi is a row of `{int type, bool done, int err}` headers with bodies, closed by `{-1, true, -1}`
 * (MultiOperationRecord, MultiResponse).
 */
const errorType = -1;

export function writeMulti(writer: Writer, parts: readonly MultiPart[]): void {
  for (const part of parts) writePart(writer, part);
  writeHeader(writer, errorType, true);
}

function writePart(writer: Writer, part: MultiPart): void {
  switch (part.kind) {
    case 'create':
      writeHeader(writer, createOpcode(part), false);
      writeCreate(writer, part);
      break;
    case 'delete':
      writeHeader(writer, opcodes.delete, false);
      writePathAndVersion(writer, part);
      break;
    case 'setData':
      writeHeader(writer, opcodes.setData, false);
      writeSetData(writer, part);
      break;
    case 'check':
      writeHeader(writer, opcodes.check, false);
      writePathAndVersion(writer, part);
      break;
    default:
      never(part);
  }
}

function writeHeader(writer: Writer, type: number, done: boolean): void {
  writer.int(type);
  writer.bool(done);
  writer.int(-1);
}

export function readMulti(reader: Reader): PartResult[] {
  const results: PartResult[] = [];
  for (;;) {
    const type = reader.int();
    const done = reader.bool();
    reader.int();
    if (done) return results;
    results.push(readPart(reader, type));
  }
}

function readPart(reader: Reader, type: number): PartResult {
  switch (type) {
    case opcodes.create:
      return { kind: 'create', name: reader.text(), stat: null };
    case opcodes.create2:
    case opcodes.createContainer:
    case opcodes.createTTL:
      return { kind: 'create', name: reader.text(), stat: readStat(reader) };
    case opcodes.delete:
      return { kind: 'delete' };
    case opcodes.setData:
      return { kind: 'setData', stat: readStat(reader) };
    case opcodes.check:
      return { kind: 'check' };
    case errorType:
      return { kind: 'error', error: reader.int() };
    default:
      throw new Malformed(`a multi result of type ${type}`);
  }
}

/**
 * The code of the part that failed, 0 when none did. The server marks the parts before it 0 and those after it
 * RUNTIMEINCONSISTENCY, so the first code is the cause (PrepRequestProcessor, case multi).
 */
export function errorOfParts(results: readonly PartResult[]): number {
  for (const result of results) {
    if (result.kind === 'error' && result.error !== 0) return result.error;
  }
  return 0;
}
