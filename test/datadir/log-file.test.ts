import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type LogEnd, type LogRecord, readLog } from '../../harness/datadir/log-file.ts';
import { told } from './asked.ts';
import { logOf, recordedOf, recordings } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const headerBytes = 16;

function read(path: string): { records: LogRecord[]; end: LogEnd } {
  const records: LogRecord[] = [];
  const reading = readLog(path);
  let next = reading.next();
  for (; !next.done; next = reading.next()) records.push(next.value);
  return { records, end: next.value };
}

function readBytes(bytes: Uint8Array) {
  const path = join(folder, 'log.1');
  writeFileSync(path, bytes);
  return read(path);
}

describe.each(recordings)('a log of %s', (version) => {
  const bytes = readFileSync(logOf(version));
  const whole = read(logOf(version));
  const { expected, endsAtByte } = recordedOf(version);

  test('holds what its client was told, and ends with its last record', () => {
    expect(whole.end).toEqual({ kind: 'whole', atByte: endsAtByte });
    const byZxid = new Map(whole.records.map(({ transaction }) => [transaction.zxid as number, transaction]));
    for (const { logged, ...who } of expected) {
      expect(byZxid.get(who.zxid)).toMatchObject(logged);
      expect(told(byZxid.get(who.zxid)!)).toEqual(who);
    }
  });

  test('carries the digest of the tree from 3.6 on', () => {
    expect(whole.records.some(({ digest }) => digest?.version === 2)).toBe(version !== '3.4.14');
  });

  test('that is cut anywhere gives what is whole, and a torn end if anything is left of another record', () => {
    const ends = recordEnds(bytes);
    fc.assert(
      fc.property(fc.integer({ min: headerBytes, max: endsAtByte }), (length) => {
        const { records, end } = readBytes(bytes.subarray(0, length));
        const complete = ends.filter((at) => at <= length);
        expect(records).toEqual(whole.records.slice(0, complete.length - 1));
        const left = bytes.subarray(complete.at(-1), length);
        expect(end.kind).toBe(left.every((byte) => byte === 0) ? 'whole' : 'torn');
      }),
      { numRuns: 200 },
    );
  });

  test('that was being written when its server died is torn where zeros begin', () => {
    const ends = recordEnds(bytes);
    fc.assert(
      fc.property(fc.integer({ min: headerBytes, max: endsAtByte - 1 }), (length) => {
        const padded = Buffer.alloc(bytes.length);
        bytes.copy(padded, 0, 0, length);
        const { records, end } = readBytes(padded);
        expect(records).toEqual(whole.records.slice(0, records.length));
        const clean = padded.subarray(0, length).findLastIndex((byte) => byte !== 0) < ends[records.length]!;
        expect(end.kind).toBe(clean ? 'whole' : 'torn');
      }),
    );
  });

  test('with one byte changed gives only true records before a clear end', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= change;
        const { records, end } = readBytes(changed);
        expect(records).toEqual(whole.records.slice(0, records.length));
        // Bytes 8 to 15 name the database, and nothing depends on them.
        const harmless = at >= 8 && at < headerBytes;
        if (harmless) expect(end).toEqual(whole.end);
        else expect(end.kind).not.toBe('whole');
        // What follows a change in the middle is known to be there.
        const last = recordEnds(bytes).at(-2)!;
        if (at < last && !harmless) expect(end.kind).toBe('damaged');
      }),
      { numRuns: 300 },
    );
  });

  test('of noise is an error that says where and why, or a torn end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (noise) => {
        const { records, end } = readBytes(Buffer.concat([bytes.subarray(0, headerBytes), noise]));
        expect(records).toEqual([]);
        expect(end.atByte).toBe(headerBytes);
      }),
    );
  });
});

const [version] = recordings;
const log = readFileSync(logOf(version!));

test('64 MB of reserved zeros are skimmed', () => {
  const path = join(folder, 'log.2');
  writeFileSync(path, log);
  truncateSync(path, 64 * 1024 * 1024 + headerBytes);
  expect(read(path)).toEqual(read(logOf(version!)));
});

test('something behind the zeros is damage, for no server would read it', () => {
  const bytes = Buffer.concat([log, log.subarray(headerBytes)]);
  expect(readBytes(bytes).end).toMatchObject({
    kind: 'damaged',
    atByte: recordedOf(version!).endsAtByte,
    why: 'no record can be read here, but another one begins 100 bytes later',
  });
});

test.each([
  ['nothing', Buffer.alloc(0), 'torn', 'only 0 bytes, less than a header'],
  ['half a header', log.subarray(0, 9), 'torn', 'only 9 bytes, less than a header'],
  ['zeros', Buffer.alloc(100), 'damaged', 'it does not begin with "ZKLG"'],
  ['a snapshot', Buffer.from('ZKSN0123456789012345'), 'damaged', 'it does not begin with "ZKLG"'],
  [
    'another format',
    Buffer.from('5a4b4c4700000003'.padEnd(64, '0'), 'hex'),
    'damaged',
    'format 3; only format 2 is known',
  ],
])('a file of %s ends at its beginning, and says why', (_, bytes, kind, why) => {
  expect(readBytes(bytes)).toEqual({ records: [], end: { kind, atByte: 0, why } });
});

test('a file that is not there is an error of the file system', () => {
  expect(() => read(join(folder, 'log.none'))).toThrow('ENOENT');
});

/** Where records end, the header's end first. */
function recordEnds(bytes: Buffer): number[] {
  const ends = [headerBytes];
  for (;;) {
    const at = ends.at(-1)!;
    const length = bytes.readInt32BE(at + 8);
    if (length === 0) return ends;
    ends.push(at + 12 + length + 1);
  }
}
