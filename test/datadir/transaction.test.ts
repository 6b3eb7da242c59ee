import { describe, expect, test } from 'vitest';
import { openAcl, writeAcls } from '../../harness/client/acl.ts';
import { Malformed, Writer } from '../../harness/client/jute.ts';
import { changeWords, transactionWords } from '../../harness/datadir/in-words.ts';
import {
  isRefusal,
  readTransaction,
  sameTransaction,
  type Transaction,
} from '../../harness/datadir/transaction.ts';

/** A record as `TxnHeader` and what `body` writes. */
function record(opcode: number, body: (writer: Writer) => void = () => undefined): Buffer {
  const writer = new Writer();
  writer.hexLong('0100000000000007');
  writer.int(3);
  writer.long(0x200000001);
  writer.long(1_700_000_000_000);
  writer.int(opcode);
  body(writer);
  return writer.take();
}

const header = { zxid: 0x200000001, session: '0100000000000007', cxid: 3, timeMs: 1_700_000_000_000 };
const digest = (writer: Writer) => {
  writer.int(2);
  writer.hexLong('00000000deadbeef');
};
const asDigest = { version: 2, digest: '00000000deadbeef' };

const setData = (writer: Writer) => {
  writer.bytes('/zookeeper/config');
  writer.bytes('server.1=a');
  writer.int(-1);
};

test('a reconfig is a change of the node that holds the configuration', () => {
  expect(readTransaction(record(16, setData)).transaction).toEqual({
    ...header,
    type: 'reconfig',
    path: '/zookeeper/config',
    value: 'server.1=a',
    version: -1,
  });
});

test('a digest behind any transaction is told apart from it', () => {
  const bytes = record(5, (writer) => {
    setData(writer);
    digest(writer);
  });
  expect(readTransaction(bytes)).toMatchObject({ transaction: { type: 'setData' }, digest: asDigest });
});

test('a create of 3.3 lacks the count of its parent', () => {
  const bytes = record(1, (writer) => {
    writer.bytes('/old');
    writer.bytes(null);
    writeAcls(writer, openAcl);
    writer.bool(true);
  });
  expect(readTransaction(bytes).transaction).toMatchObject({
    type: 'create',
    path: '/old',
    value: null,
    ephemeral: true,
    parentCversion: -1,
  });
});

describe('the end of a session', () => {
  const paths =
    (...all: string[]) =>
    (writer: Writer) =>
      writer.vector(all, (path) => writer.bytes(path));
  test.each([
    ['before 3.6', () => undefined, undefined, undefined],
    ['with ephemerals and digest', (w: Writer) => [paths('/a', '/b')(w), digest(w)], ['/a', '/b'], asDigest],
    ['with no ephemerals', (w: Writer) => [paths()(w), digest(w)], [], asDigest],
    ['without a digest', paths('/abc'), ['/abc'], undefined],
    ['with a digest alone', digest, undefined, asDigest],
    [
      'with the digest of an empty tree alone',
      (w: Writer) => [w.int(2), w.hexLong('0')],
      undefined,
      { version: 2, digest: '0' },
    ],
  ])('%s', (_, body, expected, withDigest) => {
    const read = readTransaction(record(-11, body));
    expect(read.transaction).toEqual({
      ...header,
      type: 'closeSession',
      ...(expected && { paths: expected }),
    });
    expect(read.digest).toEqual(withDigest);
  });
});

test.each([
  [13, 'a check outside a multi, which no server can read back, is told as what it is', 'check'],
  [20, 'a container is deleted by the leader', 'deleteContainer'],
])('opcode %i: %s', (opcode, _, type) => {
  const bytes = record(opcode, (writer) => {
    writer.bytes('/c');
    if (type === 'check') writer.int(4);
  });
  expect(readTransaction(bytes).transaction).toMatchObject({ type, path: '/c' });
});

test('an opcode nobody knows, and a body that does not fit, are kept as bytes', () => {
  expect(readTransaction(record(77, (writer) => writer.int(5))).transaction).toEqual({
    ...header,
    type: 'unreadable',
    opcode: 77,
    body: '00000005',
  });
  expect(readTransaction(record(2, (writer) => writer.int(9))).transaction).toMatchObject({
    type: 'unreadable',
    opcode: 2,
  });
});

test('a part of a multi that cannot be read does not hide the others', () => {
  const bytes = record(14, (writer) => {
    writer.int(2);
    writer.int(2);
    writer.bytes(Buffer.from('000000022f61', 'hex'));
    writer.int(77);
    writer.bytes(null);
  });
  expect(readTransaction(bytes).transaction).toMatchObject({
    parts: [
      { type: 'delete', path: '/a' },
      { type: 'unreadable', opcode: 77 },
    ],
  });
});

test('a header that cannot be read is malformed', () => {
  expect(() => readTransaction(Buffer.alloc(10))).toThrow(Malformed);
});

const transaction = (change: object) => ({ ...header, ...change }) as Transaction;

test('a multi with one refusal in it is a refusal, whatever its other parts say', () => {
  const created = { type: 'create', path: '/a' };
  expect(isRefusal(transaction({ type: 'multi', parts: [created, { type: 'error', error: -101 }] }))).toBe(
    true,
  );
  expect(isRefusal(transaction({ type: 'multi', parts: [created] }))).toBe(false);
  expect(isRefusal(transaction({ type: 'error', error: -110 }))).toBe(true);
});

test('the same transaction may lack its ephemerals on an older server, and nothing else', () => {
  const closed = transaction({ type: 'closeSession', paths: ['/e'] });
  expect(sameTransaction(closed, transaction({ type: 'closeSession' }))).toBe(true);
  expect(sameTransaction(closed, transaction({ type: 'closeSession', paths: ['/f'] }))).toBe(false);
  expect(sameTransaction(closed, { ...closed, cxid: 4 })).toBe(false);
  expect(
    sameTransaction(transaction({ type: 'delete', path: '/a' }), transaction({ type: 'delete', path: '/b' })),
  ).toBe(false);
});

test('reads like a sentence', () => {
  const parts = [
    { type: 'create', path: '/a', value: 'x'.repeat(200), acls: [], ephemeral: true, parentCversion: 1 },
    { type: 'error', error: -110 },
    { type: 'createTTL', path: '/t', value: null, acls: [], ephemeral: false, parentCversion: 1, ttlMs: 5 },
  ];
  expect(transactionWords(transaction({ type: 'multi', parts }))).toBe(
    `0x200000001  2023-11-14T22:13:20.000Z  session 0x100000000000007 cxid 3  multi [create /a "${'x'.repeat(100)}…" ephemeral; error NODEEXISTS; createTTL /t without data for 5 ms]`,
  );
  expect(changeWords({ type: 'closeSession', paths: ['/e', '/f'] })).toBe(
    'closeSession deletes /e deletes /f',
  );
  expect(transactionWords({ ...transaction({ type: 'error', error: -1 }), timeMs: 1e17 })).toContain(
    '100000000000000000 ms',
  );
});

test('a failed multi is the same whatever a server made of the parts that were not applied', () => {
  const refused = { type: 'error' as const, error: -101 };
  const check = { type: 'check' as const, path: '/controller_epoch', version: 2 };
  const marked = { type: 'unreadable' as const, opcode: -1, body: '0000' };
  const multi = (...parts: Extract<Transaction, { type: 'multi' }>['parts']) =>
    ({ ...header, type: 'multi', parts }) as Transaction;
  expect(sameTransaction(multi(check, refused), multi(marked, refused))).toBe(true);
  expect(sameTransaction(multi(check, refused), multi(marked, { ...refused, error: -103 }))).toBe(false);
  expect(sameTransaction(multi(check), multi(marked))).toBe(false);
});
