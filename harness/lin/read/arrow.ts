import type { History } from '../../history/history.ts';
import { flagBits, opKinds, outcomes } from '../../history/op.ts';
import { readHistory } from '../../history/reader.ts';
import type { LinHistory } from '../history.ts';
import { HistoryBuilder } from '../history-builder.ts';
import { nil } from '../values.ts';

/**
 * How old the state a plain ZooKeeper read returns may be. `promised`: as old as the last acknowledged update of its own
 * session, which is all ZooKeeper says of a read. `synced`: a completed sync counts like an update (ZOOKEEPER-1675 names
 * a gap of it). `strict`: no older than its invocation, which ZooKeeper does not promise.
 */
export const readings = ['promised', 'synced', 'strict'] as const;
export type Reading = (typeof readings)[number];

const kind = Object.fromEntries(opKinds.map((name, code) => [name, code])) as Record<
  (typeof opKinds)[number],
  number
>;
const outcome = Object.fromEntries(outcomes.map((name, code) => [name, code])) as Record<
  (typeof outcomes)[number],
  number
>;
/** ZooKeeper's KeeperException.Code.NONODE. */
const noNode = -101;

/** A znode that does not exist holds nil; one without data holds this. */
const noData: unknown = [];

/** A part of a stored multi that matters here. */
interface Part {
  kind: string;
  path?: string;
  value?: string | null;
  mode?: number;
}

export interface ArrowHistory {
  history: LinHistory;
  /** Paths left out: nobody created the node here, or such nodes come and go by themselves (ephemeral, container, TTL). */
  skippedPaths: number;
  torn: boolean;
}

/**
 * Each znode's data of one of our histories as a register: writes are create, setData, delete and the parts of a multi;
 * reads are getData. Versions say nothing here, so a refused write is left out.
 */
export function readArrow(path: string, reading: Reading): ArrowHistory {
  const history = readHistory(path);
  const registers = new Registers(history, judgedPaths(history), reading);
  for (let row = 0; row < history.length; row++) registers.take(row);
  return {
    history: registers.builder.finish(),
    skippedPaths: registers.skipped.size,
    torn: history.torn,
  };
}

/** Paths where plain persistent nodes were created, and no others: what is there, clients have put there. */
function judgedPaths(history: History): Set<string> {
  const judged = new Set<string>();
  const mortal = new Set<string>();
  const note = (path: string, mode: number | undefined) => (mode ? mortal : judged).add(path);
  for (let row = 0; row < history.length; row++) {
    if (history.outcome[row] === outcome.notSent || history.outcome[row] === outcome.fail) continue;
    if (history.kind[row] === kind.create) {
      const mode = history.flags[row]! & flagBits.createMode;
      const path = history.paths[history.path[row]!]!;
      // Whether a create without an answer found the node there already, nobody knows.
      if (mode !== 0 || history.outcome[row] === outcome.ok) note(path, mode);
      const named = history.result(row);
      if (named !== null && named !== path) mortal.add(named);
    } else if (history.kind[row] === kind.multi) {
      for (const part of partsOf(history, row))
        if (part.kind === 'create' && (part.mode || history.outcome[row] === outcome.ok))
          note(part.path!, part.mode);
    }
  }
  for (const path of mortal) judged.delete(path);
  return judged;
}

class Registers {
  readonly builder = new HistoryBuilder('ns');
  private readonly read = this.builder.nameOf('read');
  private readonly write = this.builder.nameOf('write');
  private readonly history: History;
  private readonly judged: ReadonlySet<string>;
  readonly skipped = new Set<string>();
  private readonly reading: Reading;
  /** By session, when its last acknowledged update was invoked: what it read later is not older. */
  private readonly seenSince = new Map<number, number>();
  private readonly keys = new Map<string, number>();

  constructor(history: History, judged: ReadonlySet<string>, reading: Reading) {
    this.history = history;
    this.judged = judged;
    this.reading = reading;
  }

  take(row: number): void {
    const { history } = this;
    switch (history.kind[row]) {
      case kind.getData:
        this.takeRead(row);
        break;
      case kind.create:
      case kind.setData:
        this.takeWrite(row, this.pathOf(row), this.dataOf(history.value(row)));
        this.remember(row);
        break;
      case kind.delete:
        this.takeWrite(row, this.pathOf(row), nil);
        this.remember(row);
        break;
      case kind.multi:
        this.takeMulti(row);
        this.remember(row);
        break;
      case kind.setACL:
        this.remember(row);
        break;
      case kind.sync:
        if (this.reading !== 'promised') this.remember(row);
    }
  }

  private takeRead(row: number): void {
    const { history, builder } = this;
    const absent = history.outcome[row] === outcome.fail && history.error[row] === noNode;
    if (!(absent || history.outcome[row] === outcome.ok) || !this.isJudged(this.pathOf(row))) return;
    const invoked = history.invokedNs[row]!;
    const session = history.session[row]!;
    const since =
      this.reading === 'strict'
        ? invoked
        : Math.min(invoked, this.seenSince.get(session) ?? Number.NEGATIVE_INFINITY);
    const op = builder.begin(session, this.read, this.keyOf(this.pathOf(row)), nil, since);
    builder.end(op, 'ok', absent ? nil : this.dataOf(history.value(row)), history.returnedNs[row]!);
  }

  private takeWrite(row: number, path: string, value: number): void {
    const { history, builder } = this;
    const known = history.outcome[row] === outcome.ok;
    if (!(known || history.outcome[row] === outcome.unknown) || !this.isJudged(path)) return;
    const op = builder.begin(
      history.session[row]!,
      this.write,
      this.keyOf(path),
      value,
      history.invokedNs[row]!,
    );
    if (known) builder.end(op, 'ok', nil, history.returnedNs[row]!);
  }

  /** Of several parts on one path the last one's data remain. */
  private takeMulti(row: number): void {
    const last = new Map<string, number>();
    for (const { kind, path, value } of partsOf(this.history, row)) {
      if (kind === 'create' || kind === 'setData') last.set(path!, this.dataOf(value ?? null));
      if (kind === 'delete') last.set(path!, nil);
    }
    for (const [path, value] of last) this.takeWrite(row, path, value);
  }

  /** Answers come in order, so what the session is told later is not older than this update. */
  private remember(row: number): void {
    const { history } = this;
    if (history.outcome[row] === outcome.ok)
      this.seenSince.set(history.session[row]!, history.invokedNs[row]!);
  }

  private isJudged(path: string): boolean {
    if (this.judged.has(path)) return true;
    this.skipped.add(path);
    return false;
  }

  private dataOf(data: string | null): number {
    const { values } = this.builder;
    return data === null ? values.idOf(noData) : values.idOfText(data);
  }

  private pathOf(row: number): string {
    return this.history.paths[this.history.path[row]!]!;
  }

  private keyOf(path: string): number {
    const known = this.keys.get(path);
    if (known !== undefined) return known;
    const key = this.builder.values.idOfText(path);
    this.keys.set(path, key);
    return key;
  }
}

function partsOf(history: History, row: number): Part[] {
  const parts = history.value(row);
  return parts === null ? [] : (JSON.parse(parts) as Part[]);
}
