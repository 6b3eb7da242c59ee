import type { Acl } from '../client/acl.ts';
import type { CreateOptions, RecordedCalls, Returned } from '../client/recorded-calls.ts';
import type { AddWatchMode, Data, MultiPart, WatcherType } from '../client/requests.ts';

/** "/a/b": what a name may look like; "." and ".." are refused by servers too (PathUtils.validatePath). */
const nameBelow = /^(?:\/(?!\.{1,2}(?:\/|$))[^/]+)+$/;

/** The path of a node of the tree under `root`; "/" is the root itself. A name that leads elsewhere is a mistake of ours. */
export function pathIn(root: string, name: string): string {
  if (name === '/') return root;
  if (!nameBelow.test(name)) throw new Error(`"${name}" is no name below the root of a scenario`);
  return root + name;
}

/**
 * All a workload sees of the servers: a session whose "/" is the root of the scenario. It takes names and puts the root
 * before every one, so a workload cannot reach a node outside. The history has the paths as servers know them.
 */
export class OwnTree {
  readonly #session: RecordedCalls;
  readonly #root: string;

  constructor(session: RecordedCalls, root: string) {
    this.#session = session;
    this.#root = root;
  }

  /** The session's number in the history: another one has other ephemerals. */
  get session(): number {
    return this.#session.number;
  }

  /** Characters of its path as servers know it. */
  lengthOf(name: string): number {
    return this.#at(name).length;
  }

  async create(name: string, data: Data, options?: CreateOptions): Promise<Returned> {
    const returned = await this.#session.create(this.#at(name), data, options);
    if (returned.name !== null) returned.name = returned.name.slice(this.#root.length);
    return returned;
  }

  delete(name: string, version?: number): Promise<Returned> {
    return this.#session.delete(this.#at(name), version);
  }

  exists(name: string, watch?: boolean): Promise<Returned> {
    return this.#session.exists(this.#at(name), watch);
  }

  getData(name: string, watch?: boolean): Promise<Returned> {
    return this.#session.getData(this.#at(name), watch);
  }

  setData(name: string, data: Data, version?: number): Promise<Returned> {
    return this.#session.setData(this.#at(name), data, version);
  }

  getChildren(name: string, watch?: boolean): Promise<Returned> {
    return this.#session.getChildren(this.#at(name), watch);
  }

  getACL(name: string): Promise<Returned> {
    return this.#session.getACL(this.#at(name));
  }

  setACL(name: string, acls: readonly Acl[], version?: number): Promise<Returned> {
    return this.#session.setACL(this.#at(name), acls, version);
  }

  /** 3.6 and later. */
  addWatch(name: string, mode: AddWatchMode): Promise<Returned> {
    return this.#session.addWatch(this.#at(name), mode);
  }

  removeWatches(name: string, type: WatcherType): Promise<Returned> {
    return this.#session.removeWatches(this.#at(name), type);
  }

  sync(name: string): Promise<Returned> {
    return this.#session.sync(this.#at(name));
  }

  multi(parts: readonly MultiPart[]): Promise<Returned> {
    return this.#session.multi(parts.map((part) => ({ ...part, path: this.#at(part.path) })));
  }

  #at(name: string): string {
    return pathIn(this.#root, name);
  }
}
