import { createRequire } from 'node:module';
import type { Stat, Zxid } from '../../history/op.ts';
import type { Acl } from '../acl.ts';
import { errors } from '../errors.ts';
import { type Data, type MultiPart, opcodes, type PartResult } from '../requests.ts';
import type { Accepted, ForeignRequest, Library, Told } from './adapter.ts';

/** What `node-zookeeper-client` 1.x gives out: longs as eight bytes. */
interface LibraryStat {
  czxid: Buffer;
  mzxid: Buffer;
  ctime: Buffer;
  mtime: Buffer;
  version: number;
  cversion: number;
  aversion: number;
  ephemeralOwner: Buffer;
  dataLength: number;
  numChildren: number;
  pzxid: Buffer;
}
type Failure = { getCode?(): number } | null | undefined;
type Back<A extends unknown[]> = (error: Failure, ...answer: A) => void;
type WatchBack = (event: { getName(): string; getPath(): string }) => void;
interface LibraryAcl {
  permission: number;
  id: { scheme: string; id: string };
}
interface LibraryPart {
  type: number;
  path?: string;
  stat?: LibraryStat;
  err?: number;
}

interface Transaction {
  create(path: string, data: Buffer | undefined, acls: LibraryAcl[], mode: number): void;
  setData(path: string, data: Buffer | undefined, version: number): void;
  remove(path: string, version: number): void;
  check(path: string, version: number): void;
  commit(back: Back<[LibraryPart[]]>): void;
}

/** The part of its interface that is used. */
interface Client {
  on(event: string, listener: () => void): void;
  connect(): void;
  close(): void;
  getSessionId(): Buffer;
  getSessionPassword(): Buffer;
  getSessionTimeout(): number;
  addAuthInfo(scheme: string, auth: Buffer): void;
  create(
    path: string,
    data: Buffer | undefined,
    acls: LibraryAcl[],
    mode: number,
    back: Back<[string]>,
  ): void;
  remove(path: string, version: number, back: Back<[]>): void;
  exists(path: string, watch: WatchBack | undefined, back: Back<[LibraryStat | null]>): void;
  getData(path: string, watch: WatchBack | undefined, back: Back<[Buffer | undefined, LibraryStat]>): void;
  setData(path: string, data: Buffer, version: number, back: Back<[LibraryStat]>): void;
  getChildren(path: string, watch: WatchBack | undefined, back: Back<[string[], LibraryStat]>): void;
  getACL(path: string, back: Back<[LibraryAcl[], LibraryStat]>): void;
  setACL(path: string, acls: LibraryAcl[], version: number, back: Back<[LibraryStat]>): void;
  transaction(): Transaction;
}

interface Package {
  createClient(
    servers: string,
    options: { sessionTimeout: number; spinDelay: number; retries: number },
  ): Client;
  ACL: new (permission: number, id: unknown) => LibraryAcl;
  Id: new (scheme: string, id: string) => unknown;
}

/** Between two rounds of all servers it waits a random part of this, ms (its default is 1000). */
const spinDelay = 200;

/**
 * The npm package `node-zookeeper-client`: pure JavaScript. Its own retries stay off, so that one call is one request. In a
 * multi it reads version 0 as "no version given" and asks for any (`version || -1` in lib/Transaction.js).
 */
export default function nodeZookeeperClient(): Library {
  const require = createRequire(import.meta.url);
  const { version } = require('node-zookeeper-client/package.json') as { version: string };
  const library = require('node-zookeeper-client') as Package;
  return {
    name: 'node-zookeeper-client',
    version,
    lacks: ['sync', 'addWatch', 'removeWatches'],
    open({ servers, timeoutMs, auth }, listener) {
      const client = library.createClient(servers, { sessionTimeout: timeoutMs, spinDelay, retries: 0 });
      let closing = false;
      client.on('connected', () =>
        listener.state({
          kind: 'connected',
          id: client.getSessionId().toString('hex'),
          password: client.getSessionPassword().toString('hex'),
          timeoutMs: client.getSessionTimeout(),
        }),
      );
      client.on('disconnected', () =>
        listener.state(closing ? { kind: 'ended', how: 'closed' } : { kind: 'disconnected' }),
      );
      client.on('expired', () => listener.state({ kind: 'ended', how: 'expired' }));
      client.on('authenticationFailed', () => listener.state({ kind: 'ended', how: 'refused' }));
      if (auth) client.addAuthInfo(auth.scheme, Buffer.from(auth.credentials));
      client.connect();
      const onWatch: WatchBack = (event) => listener.event(nameOf(event.getName()), event.getPath());
      return {
        call: (request, tell) => call(library, client, request, tell, onWatch),
        close: () => {
          closing = true;
          client.close();
        },
      };
    },
  };
}

/** NODE_DATA_CHANGED is NodeDataChanged elsewhere. */
const nameOf = (name: string) =>
  name.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** A failure without a code is one the library made up. */
const codeOf = (error: Failure) => (error ? (error.getCode?.() ?? errors.SYSTEMERROR.code) : 0);

function call(
  library: Package,
  client: Client,
  request: ForeignRequest,
  tell: (told: Told) => void,
  onWatch: WatchBack,
): Accepted {
  const back =
    <A extends unknown[]>(bodyOf: (...answer: A) => Told['body']): Back<A> =>
    (error, ...answer) =>
      tell({ error: codeOf(error), body: error ? null : bodyOf(...answer) });
  const listOf = (acls: readonly Acl[]) =>
    acls.map(({ perms, scheme, id }) => new library.ACL(perms, new library.Id(scheme, id)));
  switch (request.kind) {
    case 'create': {
      const { path, data, acls, mode } = request;
      // Containers and TTL nodes need other requests than it has.
      if (mode >= 4) return { refused: errors.UNIMPLEMENTED.code };
      client.create(
        path,
        bytesOf(data),
        listOf(acls),
        mode,
        back((name) => ({ name, stat: null })),
      );
      return {};
    }
    case 'delete':
      client.remove(
        request.path,
        request.version,
        back(() => null),
      );
      return {};
    case 'exists':
      // It tells an absent node without an error.
      client.exists(request.path, request.watch ? onWatch : undefined, (error, stat) => {
        const absent = !error && !stat;
        tell({
          error: absent ? errors.NONODE.code : codeOf(error),
          body: stat ? statOf(stat) : null,
        });
      });
      return {};
    case 'getData':
      client.getData(
        request.path,
        request.watch ? onWatch : undefined,
        back((data, stat) => ({ data: data ?? null, stat: statOf(stat) })),
      );
      return {};
    case 'setData': {
      const { path, data, version } = request;
      // It takes the length of what it is given.
      if (data === null) return { refused: errors.UNIMPLEMENTED.code };
      client.setData(path, bytesOf(data)!, version, back(statOf));
      return {};
    }
    case 'getChildren':
      client.getChildren(
        request.path,
        request.watch ? onWatch : undefined,
        back((children, stat) => ({ children, stat: statOf(stat) })),
      );
      return {};
    case 'getACL':
      client.getACL(
        request.path,
        back((acls, stat) => ({ acls: acls.map(aclOf), stat: statOf(stat) })),
      );
      return {};
    case 'setACL':
      client.setACL(request.path, listOf(request.acls), request.version, back(statOf));
      return {};
    case 'multi':
      return multi(client, request, tell, listOf);
    default:
      return { refused: errors.UNIMPLEMENTED.code };
  }
}

function multi(
  client: Client,
  request: Extract<ForeignRequest, { kind: 'multi' }>,
  tell: (told: Told) => void,
  listOf: (acls: readonly Acl[]) => LibraryAcl[],
): Accepted {
  const transaction = client.transaction();
  for (const part of request.parts) {
    switch (part.kind) {
      case 'create':
        transaction.create(part.path, bytesOf(part.data), listOf(part.acls), part.mode);
        break;
      case 'setData':
        transaction.setData(part.path, bytesOf(part.data), part.version);
        break;
      case 'delete':
        transaction.remove(part.path, part.version);
        break;
      default:
        transaction.check(part.path, part.version);
    }
  }
  transaction.commit((error, parts) =>
    tell({ error: codeOf(error), body: parts === undefined ? null : parts.map(resultOf) }),
  );
  if (!request.parts.some(asksForVersionZero)) return {};
  const parts = request.parts.map((part) => (asksForVersionZero(part) ? { ...part, version: -1 } : part));
  return {
    instead: { request: { ...request, parts }, why: 'a part at version 0 was sent as at any version' },
  };
}

const asksForVersionZero = (part: MultiPart) => part.kind !== 'create' && part.version === 0;

function resultOf({ type, path = '', stat, err = 0 }: LibraryPart): PartResult {
  switch (type) {
    case opcodes.create:
      return { kind: 'create', name: path, stat: null };
    case opcodes.delete:
      return { kind: 'delete' };
    case opcodes.setData:
      return { kind: 'setData', stat: statOf(stat!) };
    case opcodes.check:
      return { kind: 'check' };
    default:
      return { kind: 'error', error: err };
  }
}

const bytesOf = (data: Data) => (data === null ? undefined : Buffer.from(data as string));
const longOf = (bytes: Buffer) => Number(bytes.readBigInt64BE());
const zxidIn = (bytes: Buffer) => longOf(bytes) as Zxid;

function statOf(stat: LibraryStat): Stat {
  const owner = stat.ephemeralOwner.toString('hex');
  return {
    czxid: zxidIn(stat.czxid),
    mzxid: zxidIn(stat.mzxid),
    pzxid: zxidIn(stat.pzxid),
    ctimeMs: longOf(stat.ctime),
    mtimeMs: longOf(stat.mtime),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: /^0+$/.test(owner) ? '0' : owner,
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
  };
}

const aclOf = ({ permission, id: { scheme, id } }: LibraryAcl): Acl => ({ perms: permission, scheme, id });
