import { creatorAcl, openAcl, readOnlyAcl } from '../../harness/client/acl.ts';
import {
  type CreateMode,
  type CreateRequest,
  createModes,
  type Data,
  type Request,
} from '../../harness/client/requests.ts';
import { Session } from '../../harness/client/session.ts';
import type { Transaction } from '../../harness/datadir/transaction.ts';
import { atLeast } from '../../harness/topology/version.ts';
import type { Standalone } from '../support/standalone.ts';

interface Step {
  request: Request;
  /** What a server must log for it. */
  logged: object;
  /** The first release that knows it. */
  since?: string;
}

const create = (
  path: string,
  data: Data,
  mode: CreateMode = 0,
  more: Partial<CreateRequest> = {},
): CreateRequest => ({
  kind: 'create',
  path,
  data,
  acls: openAcl,
  mode,
  ttlMs: 0,
  stat: false,
  ...more,
});

const { ephemeral, persistentSequential, container, persistentTtl } = createModes;

/** One of every transaction a client can cause. */
const steps: Step[] = [
  {
    request: create('/a', 'one'),
    logged: { type: 'create', path: '/a', value: 'one', ephemeral: false, acls: [...openAcl] },
  },
  { request: create('/a', 'two'), logged: { type: 'error', error: -110 } },
  { request: create('/a/none', null), logged: { type: 'create', path: '/a/none', value: null } },
  {
    request: create('/a/é', 'wörld', ephemeral),
    logged: { type: 'create', path: '/a/é', value: 'wörld', ephemeral: true },
  },
  {
    request: create('/a/n-', Buffer.from('ff00fe', 'hex'), persistentSequential),
    logged: { type: 'create', path: '/a/n-0000000002', value: 'bytes:ff00fe', parentCversion: 3 },
  },
  {
    request: create('/a/two', 'x', 0, { stat: true, acls: readOnlyAcl }),
    logged: { type: 'create2', path: '/a/two', acls: [...readOnlyAcl] },
    since: '3.5.0',
  },
  {
    request: create('/box', '', container),
    logged: { type: 'createContainer', path: '/box', value: '' },
    since: '3.5.3',
  },
  { request: create('/box/in', ''), logged: { type: 'create', path: '/box/in' }, since: '3.5.3' },
  {
    request: { kind: 'delete', path: '/box/in', version: 0 },
    logged: { type: 'delete', path: '/box/in' },
    since: '3.5.3',
  },
  {
    request: create('/a/ttl', 't', persistentTtl, { ttlMs: 5_000_000_000 }),
    logged: { type: 'createTTL', path: '/a/ttl', ttlMs: 5_000_000_000 },
    since: '3.5.4',
  },
  {
    request: { kind: 'setData', path: '/a', data: 'x'.repeat(2_000), version: 0 },
    logged: { type: 'setData', path: '/a', value: 'x'.repeat(2_000), version: 1 },
  },
  {
    request: { kind: 'setACL', path: '/a/none', acls: readOnlyAcl, version: -1 },
    logged: { type: 'setACL', path: '/a/none', acls: [...readOnlyAcl], version: 1 },
  },
  {
    request: {
      kind: 'multi',
      parts: [
        { kind: 'check', path: '/a', version: 1 },
        create('/m', 'm'),
        { kind: 'setData', path: '/m', data: 'n', version: 0 },
        { kind: 'delete', path: '/m', version: 1 },
      ],
    },
    logged: {
      type: 'multi',
      parts: [
        { type: 'check', path: '/a', version: 2 },
        { type: 'create', path: '/m', value: 'm' },
        { type: 'setData', path: '/m', value: 'n', version: 1 },
        { type: 'delete', path: '/m' },
      ],
    },
  },
  {
    request: {
      kind: 'multi',
      parts: [create('/m', 'm'), { kind: 'delete', path: '/none', version: -1 }, create('/o', '')],
    },
    logged: {
      type: 'multi',
      parts: [
        { type: 'create', path: '/m', value: 'm' },
        { type: 'error', error: -101 },
        { type: 'error', error: -2 },
      ],
    },
  },
  { request: create('/mine', '', 0, { acls: creatorAcl }), logged: { type: 'error', error: -114 } },
];

export interface Expected {
  zxid: number;
  session: string;
  cxid: number;
  logged: object;
}

/** What fixtures/record.ts writes beside the files of a server. */
export interface Recorded {
  version: string;
  /** Where the log has its last record behind it. */
  endsAtByte: number;
  records: number;
  expected: Expected[];
}

/** Asks a fresh server for all of it in one session and says what its log must hold, by zxid. */
export async function ask({ version, endpoint }: Standalone): Promise<Expected[]> {
  const session = new Session({ timeoutMs: 30_000 });
  await session.open(endpoint);
  const expected: Expected[] = [];
  for (const { request, logged, since } of steps) {
    if (since !== undefined && !atLeast(version, since)) continue;
    const { outcome, zxid, xid } = await session.request(request);
    if (outcome === 'unknown' || outcome === 'notSent')
      throw new Error(`${JSON.stringify(request)} is ${outcome}`);
    expected.push({ zxid, session: session.id, cxid: xid, logged });
  }
  const { zxid, xid } = await session.request({ kind: 'closeSession' });
  const closed = { type: 'closeSession', ...(atLeast(version, '3.6.0') && { paths: ['/a/é'] }) };
  expected.push({ zxid, session: session.id, cxid: xid, logged: closed });
  return expected;
}

/** Makes a server roll its log: as many more transactions as it takes, and their session. */
export async function fill({ endpoint }: Standalone, count: number): Promise<void> {
  const session = new Session({ timeoutMs: 30_000 });
  await session.open(endpoint);
  for (let i = 0; i < count; i++) await session.request(create(`/f${i}`, `v${i}`));
  await session.request({ kind: 'closeSession' });
}

/** A logged transaction in the shape of `ask`. */
export const told = ({ zxid, session, cxid }: Transaction) => ({ zxid, session, cxid });
