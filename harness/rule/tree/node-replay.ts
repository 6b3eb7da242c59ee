import { AclReplay } from './acl-replay.ts';
import type { Contradictions } from './contradictions.ts';
import { DataReplay } from './data-replay.ts';
import { type Demand, type Life, mayHaveEnded } from './node-life.ts';
import type { SessionLife, Sessions } from './sessions.ts';
import {
  absent,
  childless,
  fertile,
  notAversion,
  notEmpty,
  notVersion,
  present,
  type Sightings,
} from './sightings.ts';
import type { Stats } from './stats.ts';
import { unsaid } from './texts.ts';
import type { Told } from './told.ts';
import {
  checks,
  creates,
  deletes,
  isEphemeral,
  isMortal,
  setsAcl,
  setsData,
  type Updates,
  updateKinds,
} from './updates.ts';

export interface Setting {
  told: Told;
  sessions: Sessions;
  /** The tree began with this history, so nothing existed before. */
  fresh: boolean;
  /** Nodes of which some delete had no answer, and nobody saw it applied. */
  mayBeDeleted: ReadonlySet<number>;
  /** Nodes that may have had children. */
  isParent: Uint8Array;
  /** Registers an ephemeral of a session whose end is known. */
  endWith(session: number, node: NodeReplay): void;
}

const writtenTo = updateKinds.map((kind) => `was written (${kind}) although it did not exist`);

/**
 * Replays one node in zxid order: existence, incarnation, owner, and through `DataReplay` what it holds. What contradicts
 * itself is a breach; what needs a change nobody acknowledged is a demand.
 */
export class NodeReplay {
  /** What was learned of it. */
  readonly lives: Life[] = [];
  private readonly node: number;
  private readonly setting: Setting;
  private readonly stats: Stats;
  private readonly found: Contradictions;
  private readonly data: DataReplay;
  private readonly acl: AclReplay;
  /** Deleted by a known transaction (or never there), or only read as absent; `unsaid` in a tree that was there before. */
  private state: 'present' | 'deleted' | 'absent' | 'unsaid';
  /** Of the present incarnation; 0 while nobody saw it. */
  private czxid = 0;
  private ctimeMs = -1;
  private life: Life | undefined;
  /** What must account for its creation, when nobody acknowledged it. */
  private birth: Demand | undefined;
  /** The last thing said of its existence. */
  private sinceZxid = 0;
  private sinceRow = -1;
  /** Seen and in order since the last change: the same again is no news. */
  private confirmedStat = -1;
  private confirmedValue = unsaid;

  constructor(node: number, setting: Setting, found: Contradictions) {
    this.node = node;
    this.setting = setting;
    this.stats = setting.told.stats;
    this.found = found;
    this.data = new DataReplay(found);
    this.acl = new AclReplay(found);
    this.state = setting.fresh ? 'deleted' : 'unsaid';
  }

  /** After all that is known was replayed. */
  settle(): void {
    this.found.node = this.node;
    if (this.state === 'present') this.data.settle();
  }

  update(updates: Updates, i: number): void {
    this.found.node = this.node;
    const kind = updates.kind(i);
    const zxid = updates.zxid[i]!;
    const row = updates.row(i);
    const version = updates.version(i);
    this.confirmedStat = -1;
    if (kind === creates) {
      this.create(updates, i);
    } else if (kind === deletes) {
      this.standing(zxid - 1, row, 'was deleted although it did not exist');
      if (version >= 0) this.data.conditionMet(version, zxid, row);
      this.end(zxid - 1, zxid, 'deleted');
    } else {
      this.standing(zxid - 1, row, writtenTo[kind]!);
      const stat = updates.stat(i);
      if (version >= 0 && kind !== setsAcl) this.data.conditionMet(version, zxid, row);
      if (kind === setsData) {
        this.data.written(zxid, row, updates.text(i), version, stat, updates.versionSeen(i));
      }
      const aversion = stat >= 0 ? this.stats.aversion(stat) : updates.versionSeen(i);
      if (kind === setsAcl && aversion >= 0) this.acl.written(aversion, version, zxid, row);
      if (stat >= 0 && kind !== checks) this.compareOwn(stat, kind, zxid, row);
    }
    this.sinceZxid = zxid;
    this.sinceRow = row;
  }

  /** The Stat with which a write was answered. */
  private compareOwn(stat: number, kind: number, zxid: number, row: number): void {
    if (kind === setsData && this.stats.mzxid(stat) !== zxid) return;
    if (this.compare(stat, unsaid, zxid, row)) this.confirmedStat = stat;
    this.confirmedValue = unsaid;
  }

  private create(updates: Updates, i: number): void {
    const { stats } = this;
    const zxid = updates.zxid[i]!;
    const row = updates.row(i);
    const stat = updates.stat(i);
    const mode = { mode: updates.mode(i) };
    this.demandDeath(zxid - 1, row, 'was created although it existed');
    const life = this.born(zxid, zxid - 1, zxid, updates.part(i));
    this.data.begin(zxid, true, updates.text(i), row, 0);
    this.acl.begin(0, zxid, row);
    life.mortal = isMortal(mode);
    if (isEphemeral(mode)) {
      life.ownerSession = updates.sessionOf(i);
      this.endWith(this.setting.sessions.of(life.ownerSession), zxid);
    } else if (!life.mortal) life.ownerId = '0';
    // Containers and TTL nodes carry a mark in place of an owner (EphemeralType).
    if (stat < 0) return;
    if (stats.czxid(stat) !== zxid || stats.mzxid(stat) !== zxid || stats.version(stat) !== 0) {
      this.found.breach('answers its create with the Stat of something else', zxid, row, this.sinceRow);
    } else this.compareOwn(stat, creates, zxid, row);
  }

  /** The end of the owner's session will delete the node. */
  private endWith({ session, closeZxid }: SessionLife, zxid: number): void {
    if (closeZxid >= zxid) this.setting.endWith(session, this);
  }

  /** The end of a session deletes its ephemerals, all in one transaction. */
  endOfSession(session: number, zxid: number, row: number): void {
    const { life } = this;
    if (this.state !== 'present' || !life) return;
    const { id } = this.setting.sessions.of(session);
    if (life.ownerSession !== session && (life.ownerId === undefined || life.ownerId !== id)) return;
    this.found.node = this.node;
    // Unless a lost delete came first: then this is only the latest time.
    const certain = !this.setting.mayBeDeleted.has(this.node) && !life.mortal;
    this.end(certain ? zxid - 1 : this.sinceZxid, zxid, 'deleted');
    this.sinceZxid = zxid;
    this.sinceRow = row;
  }

  sighting(sightings: Sightings, j: number): void {
    const seen = sightings.seen(j);
    const stat = sightings.stat(j);
    const value = sightings.text(j);
    const zxid = sightings.zxid[j]!;
    const row = sightings.row(j);
    this.found.node = this.node;
    if (stat < 0) this.plainSighting(seen, value, zxid, row);
    else if (stat !== this.confirmedStat || (value !== unsaid && value !== this.confirmedValue)) {
      this.incarnation(stat, value, zxid, row);
      const sound = this.compare(stat, value, zxid, row);
      if (this.confirmedStat !== stat) this.confirmedValue = unsaid;
      this.confirmedStat = sound ? stat : -1;
      if (value !== unsaid) this.confirmedValue = value;
    }
    this.sinceZxid = zxid;
    this.sinceRow = row;
  }

  private plainSighting(seen: number, value: number, zxid: number, row: number): void {
    if (seen === absent) {
      this.demandDeath(zxid, row, 'is not there');
      if (this.state !== 'deleted') this.state = 'absent';
      return;
    }
    this.standing(zxid, row, 'is there although nobody created it');
    if (seen === notVersion) this.data.refused(value, zxid, row);
    if (seen === notAversion) this.acl.refused(value, zxid, row);
    if (seen !== present) this.confirmedStat = -1;
    if (seen === notEmpty && this.setting.fresh && this.setting.isParent[this.node] !== 1) {
      this.found.breach(
        'refused to be deleted because of children, and never had any',
        zxid,
        row,
        this.sinceRow,
      );
    }
    const { ownerId, ownerSession, mortal } = this.life!;
    if (seen === childless && ownerId === '0') {
      this.found.breach('refused a child as if it were ephemeral', zxid, row, this.sinceRow);
    }
    if (seen === fertile && !mortal && (ownerSession !== undefined || (ownerId ?? '0') !== '0')) {
      this.found.breach('was given a child although it is ephemeral', zxid, row, this.sinceRow);
    }
  }

  /** The node a write or a plain sighting meets; one that nobody saw being created is demanded. */
  private standing(upTo: number, row: number, what: string): void {
    const { state } = this;
    if (state === 'present') return;
    this.born(0, this.sinceZxid, upTo, 0);
    this.data.begin(0, false, unsaid, row, -1);
    this.acl.begin(-1, upTo, row);
    if (state !== 'unsaid') this.birth = this.demandBirth(this.sinceZxid, upTo, row, what, undefined);
  }

  /** Makes the node a Stat describes the present one: the present incarnation, or a later one that nobody was told of. */
  private incarnation(stat: number, data: number, zxid: number, row: number): void {
    const { stats, state } = this;
    const czxid = stats.czxid(stat);
    if (state === 'present' && this.isSameLife(czxid, zxid, row)) return;
    const created = stats.mzxid(stat) === czxid && data !== unsaid ? data : undefined;
    if (state === 'present') {
      this.demandDeath(czxid - 1, row, 'was created again although nobody deleted it');
      this.demandBirth(czxid - 1, czxid, row, 'was created again by nobody', created);
    } else if (state !== 'unsaid' && czxid > this.sinceZxid) {
      this.demandBirth(czxid - 1, czxid, row, 'is there although nobody created it', created);
    } else if (state !== 'unsaid') {
      const what =
        state === 'deleted'
          ? 'is there although it was deleted'
          : 'is there, and was not there before although it had been created';
      const breach = this.found.breachOf(what, zxid, row, this.sinceRow);
      this.found.breaches.push(stats.ownerOf(stat) === '0' ? breach : { ...breach, ephemeral: true });
    }
    const life = this.born(czxid, czxid - 1, czxid, 0);
    life.ownerId = stats.ownerOf(stat);
    // A tree older than the history: what was written before is taken as it is.
    if (state === 'unsaid') this.data.begin(stats.mzxid(stat), true, unsaid, row, stats.version(stat));
    else this.data.begin(czxid, true, unsaid, row, 0);
    this.acl.begin(state === 'unsaid' ? -1 : 0, czxid, row);
  }

  /** Whether a Stat with this czxid belongs to the present incarnation; one from before it is a breach. */
  private isSameLife(czxid: number, zxid: number, row: number): boolean {
    if (this.czxid === czxid) return true;
    const { bornAfter, bornUpTo } = this.life!;
    if (this.czxid === 0 && czxid > bornAfter && czxid <= bornUpTo) {
      this.learnBirth(czxid, row);
      return true;
    }
    if (czxid > Math.max(this.czxid, bornAfter)) return false;
    const what = 'shows an incarnation older than the one that was there before';
    this.found.breach(what, zxid, row, this.sinceRow);
    return true;
  }

  private learnBirth(czxid: number, row: number): void {
    this.czxid = czxid;
    Object.assign(this.life!, { bornAfter: czxid - 1, bornUpTo: czxid });
    if (this.birth) Object.assign(this.birth, { after: czxid - 1, upTo: czxid });
    if (this.setting.fresh) this.data.beganAt(czxid, row);
  }

  private born(czxid: number, after: number, upTo: number, part: number): Life {
    const life: Life = {
      bornAfter: after,
      bornUpTo: upTo,
      part,
      diedAfter: Number.POSITIVE_INFINITY,
      diedUpTo: Number.POSITIVE_INFINITY,
      ownerId: undefined,
      ownerSession: undefined,
      mortal: false,
    };
    this.lives.push(life);
    this.life = life;
    this.czxid = czxid;
    this.ctimeMs = -1;
    this.birth = undefined;
    this.state = 'present';
    return life;
  }

  private end(after: number, upTo: number, state: 'deleted' | 'absent'): void {
    if (this.state !== 'present') return;
    this.data.settle();
    this.life!.diedAfter = after;
    this.life!.diedUpTo = upTo;
    this.state = state;
    this.confirmedStat = -1;
  }

  /** True when all the Stat says is in order. */
  private compare(stat: number, data: number, zxid: number, row: number): boolean {
    const { stats, found } = this;
    const before = found.breaches.length;
    const czxid = stats.czxid(stat);
    const mzxid = stats.mzxid(stat);
    const pzxid = stats.pzxid(stat);
    if (czxid > mzxid || mzxid > zxid || pzxid > zxid || pzxid < czxid) {
      const what = 'has a Stat whose zxids are out of order or ahead of the reply';
      found.breach(what, zxid, row, this.sinceRow);
      return false;
    }
    if (stats.version(stat) === 0 && mzxid !== czxid) {
      found.breach('has version 0 although it was written since its creation', zxid, row, this.sinceRow);
    }
    if (this.czxid === 0) this.learnBirth(czxid, row);
    this.compareOwner(stat, zxid, row);
    this.compareTimes(stat, zxid, row);
    if (this.setting.isParent[this.node] !== 1) this.compareLeaf(stat, zxid, row);
    // No zxid in a Stat tells when the access list changed, so a place concluded from a Stat says nothing of it.
    if (!this.setting.told.isHeadless(row)) this.acl.shown(stats.aversion(stat), zxid, row);
    return this.data.shown(stat, data, zxid, row) && found.breaches.length === before;
  }

  private compareOwner(stat: number, zxid: number, row: number): void {
    const life = this.life!;
    const owner = this.stats.ownerOf(stat);
    const expected =
      life.ownerId ??
      (life.ownerSession === undefined ? undefined : this.setting.sessions.of(life.ownerSession).id);
    if (expected === undefined) life.ownerId = owner;
    if (life.ownerId === owner && owner !== '0') this.endWithOwner(owner, zxid, row);
    if (expected !== undefined && owner !== expected) {
      const what = `belongs to session ${owner}, but ${expected} created it`;
      this.found.breach(what, zxid, row, this.sinceRow);
    }
  }

  private endWithOwner(id: string, zxid: number, row: number): void {
    const owner = this.setting.sessions.owning(id);
    if (!owner || owner.closeZxid === 0) return;
    if (owner.closeZxid > zxid) this.endWith(owner, zxid);
    else {
      const breach = this.found.breachOf(
        'is there although its session was closed',
        zxid,
        row,
        owner.closeRow,
      );
      this.found.breaches.push({ ...breach, ephemeral: true });
    }
  }

  private compareTimes(stat: number, zxid: number, row: number): void {
    const { stats } = this;
    const ctimeMs = stats.ctimeMs(stat);
    if (this.ctimeMs === -1) this.ctimeMs = ctimeMs;
    if (ctimeMs !== this.ctimeMs) {
      const what = `has ctimeMs ${ctimeMs} and had ${this.ctimeMs}, although it was not created again`;
      this.found.breach(what, zxid, row, this.sinceRow);
    }
    if (stats.mzxid(stat) === stats.czxid(stat) && stats.mtimeMs(stat) !== ctimeMs) {
      const what = `has mtimeMs ${stats.mtimeMs(stat)} although it was not written since its creation at ${ctimeMs}`;
      this.found.breach(what, zxid, row, this.sinceRow);
    }
  }

  /** A node that never had children shows none. */
  private compareLeaf(stat: number, zxid: number, row: number): void {
    const { stats } = this;
    if (!this.setting.fresh) return;
    const [cversion, numChildren] = [stats.cversion(stat), stats.numChildren(stat)];
    if (cversion === 0 && numChildren === 0 && stats.pzxid(stat) === stats.czxid(stat)) return;
    const what = `shows children (numChildren ${numChildren}, cversion ${cversion}) although none was ever created`;
    this.found.breach(what, zxid, row, this.sinceRow);
  }

  /** A node that existed is gone by `upTo`, and nobody acknowledged a delete. */
  private demandDeath(upTo: number, row: number, what: string): void {
    const { life } = this;
    if (this.state !== 'present' || !life) return;
    const after = this.sinceZxid;
    this.end(after, upTo, 'absent');
    const orphan = life.ownerSession === undefined && life.ownerId === undefined;
    if (life.mortal || (!orphan && mayHaveEnded(life, upTo, this.setting.sessions))) return;
    const breach = this.found.breachOf(what, upTo, row, this.sinceRow);
    if (life.ownerId !== '0' && !orphan) breach.ephemeral = true;
    this.found.demand({ kind: 'delete', after, upTo, ...(orphan && { orphan }), breach });
  }

  private demandBirth(
    after: number,
    upTo: number,
    row: number,
    what: string,
    text: number | undefined,
  ): Demand {
    const breach = this.found.breachOf(what, upTo, row, this.sinceRow);
    return this.found.demand({ kind: 'create', after, upTo, text, breach });
  }
}
