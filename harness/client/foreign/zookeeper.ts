import { createRequire } from 'node:module';
import type { Stat, Zxid } from '../../history/op.ts';
import type { Acl } from '../acl.ts';
import { errors } from '../errors.ts';
import type { Data } from '../requests.ts';
import { eventTypeOf } from '../watch-event.ts';
import type { Accepted, ForeignRequest, ForeignSetup, Library, Told } from './adapter.ts';

/** What `zookeeper` 7.x gives out as a Stat: times as Dates, the owner as hex. */
type NativeStat = Omit<Stat, 'ctimeMs' | 'mtimeMs' | 'czxid' | 'mzxid' | 'pzxid'> & {
  [K in 'czxid' | 'mzxid' | 'pzxid']: number;
} & { ctime: Date; mtime: Date };
type NativeAcl = { perms: number; scheme: string; auth: string };
type Back<A extends unknown[]> = (rc: number, error: string, ...answer: A) => void;
type WatchBack = (type: number, state: number, path: string) => void;

/** The part of its callback interface that is used; every call returns 0 or the code of a refusal. */
interface Native {
  readonly client_id: string;
  readonly client_password: string;
  readonly timeout: number;
  init(config: Record<string, unknown>): void;
  on(event: string, listener: (...args: never[]) => void): void;
  close(): void;
  add_auth(scheme: string, auth: string, back: Back<[]>): number;
  a_create(path: string, data: Buffer, flags: number, back: Back<[string]>): number;
  a_createTtl(path: string, data: Buffer, flags: number, ttlMs: number, back: Back<[string]>): number;
  a_delete_(path: string, version: number, back: Back<[]>): number;
  a_exists(path: string, watch: boolean, back: Back<[NativeStat]>): number;
  aw_exists(path: string, watch: WatchBack, back: Back<[NativeStat]>): number;
  a_get(path: string, watch: boolean, back: Back<[NativeStat, Buffer | null]>): number;
  aw_get(path: string, watch: WatchBack, back: Back<[NativeStat, Buffer | null]>): number;
  a_get_children2(path: string, watch: boolean, back: Back<[string[], NativeStat]>): number;
  aw_get_children2(path: string, watch: WatchBack, back: Back<[string[], NativeStat]>): number;
  a_set(path: string, data: Buffer, version: number, back: Back<[NativeStat]>): number;
  a_get_acl(path: string, back: Back<[NativeAcl[], NativeStat]>): number;
  a_set_acl(path: string, version: number, acls: NativeAcl[], back: Back<[]>): number;
  a_sync(path: string, back: Back<[string]>): number;
}

/**
 * The npm package `zookeeper`: a binding of the C client. Its traps, and what is done about each: `version` null means 0
 * (always a number here); data null becomes the text "null" (refused here); a reply in more than ten chunks ends the
 * session (`response_counter_limit`); one watcher function on two clients aborts (a new one each); a new client within a
 * callback aborts, several in one process or thread disturb each other (one client a process); `connect` with a
 * callback never calls back when nothing answers (`init` and events).
 */
export default function zookeeper(): Library {
  const require = createRequire(import.meta.url);
  const { version } = require('zookeeper/package.json') as { version: string };
  const Client = require('zookeeper') as new () => Native;
  return {
    name: 'zookeeper',
    version,
    lacks: ['multi', 'addWatch', 'removeWatches'],
    open(setup, listener) {
      const client = new Client();
      const connected = () =>
        listener.state({
          kind: 'connected',
          id: client.client_id.padStart(16, '0'),
          password: client.client_password,
          timeoutMs: client.timeout,
        });
      client.on('connect', connected);
      client.on('connecting', () => listener.state({ kind: 'disconnected' }));
      client.on('close', (_: unknown, code: number) =>
        listener.state({ kind: 'ended', how: code === 0 ? 'closed' : howOf(code) }),
      );
      client.init(configOf(setup));
      if (setup.auth) client.add_auth(setup.auth.scheme, setup.auth.credentials, () => undefined);
      const onWatch = (): WatchBack => (type, _, path) => {
        // -1: about the session, which `close` and `connecting` tell of.
        if (type > 0) listener.event(eventTypeOf(type), path);
      };
      return {
        call: (request, tell) => call(client, request, tell, onWatch),
        close: () => client.close(),
      };
    },
  };
}

const howOf = (code: number) => (code === errors.SESSIONEXPIRED.code ? 'expired' : 'refused');

const configOf = ({ servers, timeoutMs }: ForeignSetup) => ({
  connect: servers,
  timeout: timeoutMs,
  data_as_buffer: true,
  response_counter_limit: 2 ** 31 - 1,
  /** ZOO_LOG_LEVEL_ERROR. */
  debug_level: 1,
});

function call(
  client: Native,
  request: ForeignRequest,
  tell: (told: Told) => void,
  onWatch: () => WatchBack,
): Accepted {
  const back =
    <A extends unknown[]>(bodyOf: (...answer: A) => Told['body']): Back<A> =>
    (rc, _, ...answer) =>
      tell({ error: rc, body: rc === 0 ? bodyOf(...answer) : null });
  const nothing = back(() => null);
  const rc = asked();
  return rc === 0 ? {} : { refused: rc };

  function asked(): number {
    switch (request.kind) {
      case 'create': {
        const { path, data, mode, ttlMs } = request;
        const named = back((name: string) => ({ name, stat: null }));
        if (data === null) return errors.UNIMPLEMENTED.code;
        return mode >= 5
          ? client.a_createTtl(path, bytesOf(data), mode, ttlMs, named)
          : client.a_create(path, bytesOf(data), mode, named);
      }
      case 'delete':
        return client.a_delete_(request.path, request.version, nothing);
      case 'exists': {
        const told = back(statOf);
        return request.watch
          ? client.aw_exists(request.path, onWatch(), told)
          : client.a_exists(request.path, false, told);
      }
      case 'getData': {
        const told = back((stat: NativeStat, data: Buffer | null) => ({
          data: data ?? null,
          stat: statOf(stat),
        }));
        return request.watch
          ? client.aw_get(request.path, onWatch(), told)
          : client.a_get(request.path, false, told);
      }
      case 'setData': {
        const { path, data, version } = request;
        if (data === null) return errors.UNIMPLEMENTED.code;
        return client.a_set(path, bytesOf(data), version, back(statOf));
      }
      case 'getChildren': {
        const told = back((children: string[], stat: NativeStat) => ({ children, stat: statOf(stat) }));
        return request.watch
          ? client.aw_get_children2(request.path, onWatch(), told)
          : client.a_get_children2(request.path, false, told);
      }
      case 'getACL':
        return client.a_get_acl(
          request.path,
          back((acls: NativeAcl[], stat: NativeStat) => ({ acls: acls.map(aclOf), stat: statOf(stat) })),
        );
      case 'setACL':
        return client.a_set_acl(request.path, request.version, request.acls.map(nativeAcl), nothing);
      case 'sync':
        return client.a_sync(
          request.path,
          back((path: string) => path),
        );
      default:
        return errors.UNIMPLEMENTED.code;
    }
  }
}

const bytesOf = (data: NonNullable<Data>) => Buffer.from(data as string);

function statOf({ ctime, mtime, ...stat }: NativeStat): Stat {
  return {
    czxid: stat.czxid as Zxid,
    mzxid: stat.mzxid as Zxid,
    pzxid: stat.pzxid as Zxid,
    ctimeMs: ctime.getTime(),
    mtimeMs: mtime.getTime(),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: stat.ephemeralOwner === '0' ? '0' : stat.ephemeralOwner.padStart(16, '0'),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
  };
}

const aclOf = ({ perms, scheme, auth }: NativeAcl): Acl => ({ perms, scheme, id: auth });
const nativeAcl = ({ perms, scheme, id }: Acl): NativeAcl => ({ perms, scheme, auth: id });
