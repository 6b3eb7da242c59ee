import { grown } from './growing.ts';
import type { Paths } from './paths.ts';
import type { Texts } from './texts.ts';

export const updateKinds = ['create', 'delete', 'setData', 'setACL', 'check'] as const;
export type UpdateKind = (typeof updateKinds)[number];
export const [creates, deletes, setsData, setsAcl, checks] = [0, 1, 2, 3, 4];

/** What one transaction does to one node; `check` changes nothing and says which version the node had. */
export interface Update {
  row: number;
  /** Place in a multi, 0 elsewhere: parts apply in this order at one zxid. */
  part: number;
  session: number;
  kind: UpdateKind;
  /** The node itself: for a sequential create the name it was given; the prefix while that is not known. */
  path: string;
  /** Its number (`Paths`). */
  node: number;
  /** The path as the request had it. */
  asked: string;
  /** CreateMode of a create, else 0. */
  mode: number;
  value: string | null;
  /** Number of the value (`Texts`). */
  text: number;
  /** Version it asked for; -1 for any. */
  version: number;
  /** 0 while nobody saw it applied. */
  zxid: number;
  /** Number of the Stat in the answer (`Stats`); -1 without one. */
  stat: number;
  /** Of a lost setData or setACL: the version it made, as somebody saw it. */
  versionSeen?: number;
}

/** A write without an answer: applied or not. All of its parts share one fate. */
export interface Lost {
  row: number;
  /** There was an answer, by a client that hides when: it was applied for sure. */
  done: boolean;
  session: number;
  updates: Update[];
  /** Zxid at which somebody saw it applied; 0 while nobody has. */
  zxid: number;
  /** If applied, then behind this zxid (it was invoked later) ... */
  after: number;
  /** ... and before this one (an acknowledged update that its session sent later). */
  before: number;
}

const sequential = (mode: number) => mode === 2 || mode === 3 || mode === 6;
export const isSequential = ({ mode }: Pick<Update, 'mode'>) => sequential(mode);
export const isEphemeral = ({ mode }: Pick<Update, 'mode'>) => mode === 1 || mode === 3;
/** A sequential node whose number nobody has told. */
export const isUnnamed = ({ mode, path, asked }: Pick<Update, 'mode' | 'path' | 'asked'>) =>
  sequential(mode) && path === asked;
/** Containers and TTL nodes are deleted by the leader itself when nobody uses them. */
export const isMortal = ({ mode }: Pick<Update, 'mode'>) => mode >= 4;

/** "%010d" of a signed 32-bit counter: ten digits; it overflows to negative numbers. */
const suffixPattern = /^(\d{10}|-\d{9,10})$/;

/** The number a sequential node was given; undefined for a name that has none. */
export function suffixOf({ path, asked }: Pick<Update, 'path' | 'asked'>): number | undefined {
  const suffix = path.slice(asked.length);
  return path.startsWith(asked) && suffixPattern.test(suffix) ? Number(suffix) : undefined;
}

/** A name that ends like a sequential one, without that end. Which counters overflowed cannot be told from a name. */
export const withoutSuffix = (name: string) => name.replace(/\d{10}$/, '');

/** An update as it stands in the columns: names and values by their numbers. */
export interface Entry {
  row: number;
  part: number;
  /** Index into `updateKinds`. */
  kind: number;
  mode: number;
  node: number;
  /** Number of the path as the request had it. */
  asked: number;
  text: number;
  version: number;
  stat: number;
  zxid: number;
}

/** Integers of one update: row; part, mode and kind; asked; text; version; stat. */
const width = 6;

/** Updates in the order they were told; what belongs to one lies together, for replays go through them node by node. */
export class Updates {
  length = 0;
  zxid: Float64Array;
  node: Int32Array;
  private words: Int32Array;
  /** The version a lost setData made, by its place; few of the updates are such. */
  private readonly seen = new Map<number, number>();
  private readonly session: Int32Array;
  private readonly paths: Paths;
  private readonly texts: Texts;

  /** `room`: for how many there is room at first. `session`: of each row of the history. */
  constructor(room: number, session: Int32Array, paths: Paths, texts: Texts) {
    this.zxid = new Float64Array(room);
    this.node = new Int32Array(room);
    this.words = new Int32Array(room * width);
    this.session = session;
    this.paths = paths;
    this.texts = texts;
  }

  push(update: Entry, versionSeen?: number): void {
    if (this.length === this.zxid.length) this.grow();
    const at = this.length * width;
    this.words[at] = update.row;
    this.words[at + 1] = (update.part << 8) | (update.mode << 4) | update.kind;
    this.words[at + 2] = update.asked;
    this.words[at + 3] = update.text;
    this.words[at + 4] = update.version;
    this.words[at + 5] = update.stat;
    this.zxid[this.length] = update.zxid;
    this.node[this.length] = update.node;
    if (versionSeen !== undefined) this.seen.set(this.length, versionSeen);
    this.length++;
  }

  row(i: number): number {
    return this.words[i * width]!;
  }

  part(i: number): number {
    return this.words[i * width + 1]! >> 8;
  }

  mode(i: number): number {
    return (this.words[i * width + 1]! >> 4) & 15;
  }

  /** Index into `updateKinds`. */
  kind(i: number): number {
    return this.words[i * width + 1]! & 15;
  }

  text(i: number): number {
    return this.words[i * width + 3]!;
  }

  version(i: number): number {
    return this.words[i * width + 4]!;
  }

  stat(i: number): number {
    return this.words[i * width + 5]!;
  }

  sessionOf(i: number): number {
    return this.session[this.row(i)]!;
  }

  /** Of a lost setData or setACL that was seen: the version it made; -1 when nobody saw it. */
  versionSeen(i: number): number {
    return this.seen.size === 0 ? -1 : (this.seen.get(i) ?? -1);
  }

  /** Written out; for findings and rare things, not for loops over millions. */
  at(i: number): Update {
    return this.written({
      row: this.row(i),
      part: this.part(i),
      kind: this.kind(i),
      mode: this.mode(i),
      node: this.node[i]!,
      asked: this.words[i * width + 2]!,
      text: this.text(i),
      version: this.version(i),
      stat: this.stat(i),
      zxid: this.zxid[i]!,
    });
  }

  written(entry: Entry): Update {
    const { names } = this.paths;
    return {
      ...entry,
      session: this.session[entry.row]!,
      kind: updateKinds[entry.kind]!,
      path: names[entry.node]!,
      asked: names[entry.asked]!,
      value: this.texts.text(entry.text) ?? null,
    };
  }

  private grow(): void {
    this.zxid = grown(this.zxid);
    this.node = grown(this.node);
    this.words = grown(this.words, this.zxid.length * width);
  }
}
