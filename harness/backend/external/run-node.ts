import { Trouble } from '../../base/trouble.ts';
import { openAcl } from '../../client/acl.ts';
import type { AnswerTo } from '../../client/call.ts';
import { errorName, errors } from '../../client/errors.ts';
import { type CreateMode, createModes, type MultiPart, type RequestOf } from '../../client/requests.ts';
import { ownIdentity, type ProcessIdentity } from '../../distribution/process-identity.ts';
import type { SteadySession } from './steady-session.ts';

/** The one node a run makes in somebody else's tree: beside the scenarios' nodes it holds an ephemeral of its owner. */
const prefix = 'gauntlet-';
const ownerName = 'owner';
const maker = 'zk-gauntlet';

const askMs = 20_000;
/** Requests on the way at the same time, and deletes in one transaction: far below a server's limits (1000; 1 MiB). */
const width = 64;
const together = 200;

/** Path of the node of a run under `parent` ("" is the root of all). Its name is the run's, as far as it makes a name. */
export function runNodeOf(parent: string, runId: string): string {
  return `${parent}/${prefix}${runId.replaceAll(/[^\w.-]/g, '-').slice(0, 100)}`;
}

export const isRunNodeName = (name: string) => name.startsWith(prefix);

/** What stands in a run node: who made it. A node that only looks like one of ours has no such thing in it. */
export function makerOf(data: string | null): ProcessIdentity | undefined {
  try {
    const { madeBy, pid, started, place } = JSON.parse(data ?? '') as Record<string, unknown>;
    const whole = typeof pid === 'number' && typeof started === 'string' && typeof place === 'string';
    return madeBy === maker && whole ? { pid, started, place } : undefined;
  } catch {
    // Not JSON, so not of our making, which is all that was asked.
    return undefined;
  }
}

/** The node of one run and everything below it: all that is ever written for it, and all that is ever removed. */
export class RunNode {
  readonly path: string;
  readonly #session: SteadySession;

  constructor(session: SteadySession, path: string) {
    if (!isRunNodeName(path.slice(path.lastIndexOf('/') + 1))) throw new Error(`${path} is no node of a run`);
    this.path = path;
    this.#session = session;
  }

  /** Makes the node with its owner, in one transaction, so that without an owner it is nobody's. */
  async make(): Promise<void> {
    const data = JSON.stringify({ madeBy: maker, ...(await ownIdentity()) });
    const parts = [
      create(this.path, createModes.persistent, data),
      create(this.#owner, createModes.ephemeral),
    ];
    const { error } = await this.#ask({ kind: 'multi', parts });
    // Sent again after an answer was lost, it meets what it made itself.
    if (error === errors.NODEEXISTS.code && (await this.data()) === data) return;
    if (error === errors.NODEEXISTS.code) {
      throw new Trouble(this.path, 'another run has this name', 'give another directory with --out');
    }
    this.#done('make', error);
  }

  /** Puts the owner back whose session expired. */
  async own(): Promise<void> {
    const { error } = await this.#ask(create(this.#owner, createModes.ephemeral));
    if (error !== errors.NODEEXISTS.code) this.#done('own', error);
  }

  /** Undefined when there is no such node. */
  async data(): Promise<string | null | undefined> {
    await this.#ask({ kind: 'sync', path: this.path });
    const { error, body } = await this.#ask({ kind: 'getData', path: this.path, watch: false });
    if (error === errors.NONODE.code) return undefined;
    this.#done('read', error);
    return typeof body?.data === 'string' ? body.data : null;
  }

  async hasOwner(): Promise<boolean> {
    await this.#ask({ kind: 'sync', path: this.path });
    const { error } = await this.#ask({ kind: 'exists', path: this.#owner, watch: false });
    if (error !== errors.NONODE.code) this.#done('look at', error);
    return error === 0;
  }

  /**
   * Removes everything below the node, the owner last but one, and then the node: what is left of a removal that was cut
   * short has no owner, so the next run removes it. Whoever still writes below is outrun.
   */
  async remove(): Promise<void> {
    const giveUpAtMs = performance.now() + askMs;
    for (;;) {
      const below = await this.#below();
      await this.#delete(below.filter((path) => path !== this.#owner));
      await this.#delete([this.#owner]);
      const { error } = await this.#ask({ kind: 'delete', path: this.path, version: -1 });
      if (error === 0 || error === errors.NONODE.code) return;
      if (error !== errors.NOTEMPTY.code || performance.now() > giveUpAtMs) this.#done('remove', error);
    }
  }

  get #owner(): string {
    return `${this.path}/${ownerName}`;
  }

  /** Paths of all nodes below, children before their parents. */
  async #below(): Promise<string[]> {
    const levels: string[][] = [[this.path]];
    for (let level = levels[0]!; level.length > 0; levels.push(level)) {
      const under: string[] = [];
      for (let i = 0; i < level.length; i += width) {
        const lists = await Promise.all(level.slice(i, i + width).map((path) => this.#children(path)));
        for (const list of lists) under.push(...list);
      }
      level = under;
    }
    return levels.slice(1).reverse().flat();
  }

  async #children(path: string): Promise<string[]> {
    const { error, body } = await this.#ask({ kind: 'getChildren', path, watch: false });
    if (error === errors.NONODE.code) return [];
    this.#done('list', error);
    return body!.children.map((name) => `${path}/${name}`);
  }

  /** In transactions of many; where one of its nodes is gone or has got children meanwhile, one by one. */
  async #delete(paths: readonly string[]): Promise<void> {
    for (let i = 0; i < paths.length; i += together) {
      const parts = paths
        .slice(i, i + together)
        .map((path) => ({ kind: 'delete' as const, path, version: -1 }));
      const { error } = await this.#ask({ kind: 'multi', parts });
      if (error === 0) continue;
      const singly = await Promise.all(parts.map((part) => this.#ask(part)));
      const wrong = singly.find(({ error: code }) => !overtaken.has(code));
      if (wrong) this.#done('remove', wrong.error);
    }
  }

  #ask<R extends RequestOf<'create' | 'delete' | 'exists' | 'sync' | 'getData' | 'getChildren' | 'multi'>>(
    request: R,
  ): Promise<AnswerTo<R['kind']>> {
    return this.#session.ask(request, askMs);
  }

  #done(what: string, error: number): void {
    if (error === 0) return;
    const remedy = 'see `gauntlet attach --clean`';
    throw new Trouble(this.path, `servers refuse to ${what} it (${errorName(error)})`, remedy);
  }
}

/** What a delete meets when somebody else was quicker; the next round sees what is left. */
const overtaken: ReadonlySet<number> = new Set([0, errors.NONODE.code, errors.NOTEMPTY.code]);

function create(path: string, mode: CreateMode, data: string | null = null): MultiPart & { kind: 'create' } {
  return { kind: 'create', path, data, acls: openAcl, mode, ttlMs: 0, stat: false };
}
