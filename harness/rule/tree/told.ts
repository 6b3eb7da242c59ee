import type { StoredTransactions } from '../../datadir/stored-transactions.ts';
import type { History } from '../../history/history.ts';
import { type OpKind, opKinds, type Stat } from '../../history/op.ts';
import type { Topology } from '../../topology/topology.ts';
import { Paths } from './paths.ts';
import { headlessIn } from './place.ts';
import { fertile, Sightings } from './sightings.ts';
import { Stats } from './stats.ts';
import { byteLength, Texts, unsaid } from './texts.ts';
import { creates, type Entry, isSequential, type Lost, suffixOf, Updates } from './updates.ts';

/** What a scenario recorded, and the root of the tree its clients stayed under. */
export interface Recorded {
  history: History;
  root: string;
  /** With what the servers' disks held, where somebody read them. */
  topology?: Topology;
  transactions?: StoredTransactions | undefined;
}

/** The children a node had, as one answer lists them. */
export interface Listing {
  row: number;
  zxid: number;
  node: number;
  names: readonly string[];
}

/** An access list as it was written or read. */
export interface AclSeen {
  row: number;
  zxid: number;
  node: number;
  czxid: number;
  aversion: number;
  acls: string;
}

/** A history sorted into what happened, what may have happened, and what was seen; in columns where there is much of it. */
export class Told {
  readonly history: History;
  readonly paths: Paths;
  readonly texts: Texts;
  readonly stats: Stats;
  /** Acknowledged. */
  readonly updates: Updates;
  /** Sessions whose clients hide the zxids of their replies. */
  private readonly headless: ReadonlySet<number>;
  readonly lost: Lost[] = [];
  readonly sightings: Sightings;
  readonly listings: Listing[] = [];
  readonly acls: AclSeen[] = [];
  /** Answers that contradict themselves, with why. */
  readonly nonsense: { row: number; why: string }[] = [];
  /** Refusals that say something of the state they met. */
  refusals = 0;

  constructor({ history, root }: Recorded) {
    this.history = history;
    this.paths = new Paths(history.paths, root);
    this.headless = headlessIn(history);
    this.texts = new Texts(history);
    const { writes, reads } = countOf(history);
    this.stats = new Stats(writes);
    this.updates = new Updates(writes, history.session, this.paths, this.texts);
    this.sightings = new Sightings(reads);
  }

  isHeadless(row: number): boolean {
    return this.headless.size > 0 && this.headless.has(this.history.session[row]!);
  }

  /** `name`: of the node created. */
  acknowledge(update: Entry, name: string | null): void {
    const { row, zxid } = update;
    if (name !== null) {
      update.node = this.paths.idOf(name);
      const asked = this.paths.names[update.asked]!;
      const fits = isSequential(update) ? suffixOf({ path: name, asked }) !== undefined : name === asked;
      if (!fits) this.say(row, `the node created as ${asked} is called ${name}`);
    }
    if (zxid > 0) this.updates.push(update);
    else this.say(row, 'a write was acknowledged without a zxid');
    if (update.kind !== creates || zxid <= 0) return;
    const parent = this.paths.parentOf(update.node);
    if (this.paths.isInside(parent)) this.sightings.push(row, zxid, parent, fertile, -1, unsaid);
  }

  /** Done or not done, nobody knows when; several are the parts of one multi. `done`: it was, but the answer tells no zxid. */
  lose(updates: readonly Entry[], done = false): void {
    const { row } = updates[0]!;
    this.lost.push({
      row,
      done,
      session: this.history.session[row]!,
      updates: updates.map((update) => this.updates.written({ ...update, zxid: 0 })),
      zxid: 0,
      after: 0,
      before: Number.POSITIVE_INFINITY,
    });
  }

  list(row: number, node: number, stat: Stat | null): void {
    const names = JSON.parse(this.history.result(row) ?? '[]') as string[];
    this.listings.push({ row, zxid: this.history.zxid[row]!, node, names });
    const name = this.paths.names[node]!;
    if (new Set(names).size !== names.length) this.say(row, `${name} lists a child twice`);
    if (stat && stat.numChildren !== names.length) {
      this.say(row, `${name} says numChildren ${stat.numChildren} and lists ${names.length}`);
    }
  }

  /** `dataLength` against the data of the same answer. */
  checkLength(row: number, node: number, text: string | null, { dataLength }: Stat): void {
    const bytes = byteLength(text);
    if (bytes === undefined || bytes === dataLength) return;
    const said = JSON.stringify(text).slice(0, 60);
    this.say(row, `${this.paths.names[node]} says dataLength ${dataLength} of ${said}`);
  }

  say(row: number, why: string): void {
    this.nonsense.push({ row, why });
  }
}

const writeKinds = kindsOf('create', 'setData', 'delete', 'multi', 'setACL');
const readKinds = kindsOf('create', 'getData', 'exists', 'getChildren', 'getACL');

function kindsOf(...kinds: OpKind[]): Uint8Array {
  return Uint8Array.from(opKinds, (kind) => Number(kinds.includes(kind)));
}

/** About how many writes and sightings there will be; a create also shows its parent. */
function countOf({ kind, length }: History): { writes: number; reads: number } {
  let writes = 0;
  let reads = 0;
  for (let row = 0; row < length; row++) {
    writes += writeKinds[kind[row]!]!;
    reads += readKinds[kind[row]!]!;
  }
  return { writes, reads };
}
