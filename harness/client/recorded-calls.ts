import type { Clock } from '../base/clock.ts';
import {
  anyVersion,
  blankOp,
  flagBits,
  type Op,
  type OpKind,
  type OpSink,
  type Phase,
} from '../history/op.ts';
import { type Acl, openAcl } from './acl.ts';
import { jsonOfParts, textOf } from './recorded-text.ts';
import type { AddWatchMode, Answers, CreateMode, Data, MultiPart, Request, WatcherType } from './requests.ts';
import {
  type Fill,
  fillAcls,
  fillChildren,
  fillCreate,
  fillData,
  fillParts,
  fillStat,
  nothing,
  type Returned,
} from './returned.ts';

export type { Returned };

/** Where and when a worker's sessions record. Shared by them, so that one assignment changes the phase of all. */
export interface Recorder {
  readonly clock: Clock;
  readonly sink: OpSink;
  phase: Phase;
}

export interface CreateOptions {
  /** Default 0, persistent. */
  mode?: CreateMode;
  acls?: readonly Acl[];
  /** Ask for the Stat (3.5 and later). */
  stat?: boolean;
  ttlMs?: number;
}

/** The operations of a session, whoever carries them out: each is a request, the row it will be, and how an answer fills that. */
export abstract class RecordedCalls {
  readonly name: string;
  /** The session's number in the history. */
  readonly number: number;
  protected readonly recorder: Recorder;

  constructor(name: string, number: number, recorder: Recorder) {
    this.name = name;
    this.number = number;
    this.recorder = recorder;
  }

  /** Carries the request out and appends its row. Never rejects for what a server or a client library did. */
  protected abstract run<R extends Request>(
    request: R,
    kind: OpKind,
    path: string,
    fill: Fill<Answers[R['kind']]>,
    value?: string | null,
    version?: number,
    flags?: number,
  ): Promise<Returned>;

  create(path: string, data: Data, options: CreateOptions = {}): Promise<Returned> {
    const { mode = 0, acls = openAcl, stat = false, ttlMs = 0 } = options;
    const request: Request = { kind: 'create', path, data, acls, mode, ttlMs, stat };
    const flags = stat ? mode | flagBits.stat : mode;
    return this.run(request, 'create', path, fillCreate, textOf(data), anyVersion, flags);
  }

  delete(path: string, version: number = anyVersion): Promise<Returned> {
    return this.run({ kind: 'delete', path, version }, 'delete', path, nothing, null, version);
  }

  exists(path: string, watch = false): Promise<Returned> {
    return this.read({ kind: 'exists', path, watch }, fillStat);
  }

  getData(path: string, watch = false): Promise<Returned> {
    return this.read({ kind: 'getData', path, watch }, fillData);
  }

  setData(path: string, data: Data, version: number = anyVersion): Promise<Returned> {
    const request: Request = { kind: 'setData', path, data, version };
    return this.run(request, 'setData', path, fillStat, textOf(data), version);
  }

  getChildren(path: string, watch = false): Promise<Returned> {
    return this.read({ kind: 'getChildren', path, watch }, fillChildren);
  }

  sync(path: string): Promise<Returned> {
    return this.run({ kind: 'sync', path }, 'sync', path, nothing);
  }

  /** All or nothing; when it fails `error` is that of the part that failed. */
  multi(parts: readonly MultiPart[]): Promise<Returned> {
    return this.run({ kind: 'multi', parts }, 'multi', '', fillParts, jsonOfParts(parts));
  }

  getACL(path: string): Promise<Returned> {
    return this.run({ kind: 'getACL', path }, 'getACL', path, fillAcls);
  }

  /** `version` is compared with the node's aversion. */
  setACL(path: string, acls: readonly Acl[], version: number = anyVersion): Promise<Returned> {
    const request: Request = { kind: 'setACL', path, acls, version };
    return this.run(request, 'setACL', path, fillStat, JSON.stringify(acls), version);
  }

  addWatch(path: string, mode: AddWatchMode): Promise<Returned> {
    return this.run({ kind: 'addWatch', path, mode }, 'addWatch', path, nothing, mode);
  }

  removeWatches(path: string, type: WatcherType = 'any'): Promise<Returned> {
    return this.run({ kind: 'removeWatches', path, type }, 'removeWatches', path, nothing, type);
  }

  private read<R extends Extract<Request, { watch: boolean }>>(
    request: R,
    fill: Fill<Answers[R['kind']]>,
  ): Promise<Returned> {
    const flags = request.watch ? flagBits.watch : 0;
    return this.run(request, request.kind, request.path, fill, null, anyVersion, flags);
  }

  /** The row of what is no request: a connect, a watch event. */
  protected op(kind: OpKind, path: string): Op {
    return { ...blankOp(kind, path), session: this.number, phase: this.recorder.phase };
  }
}
