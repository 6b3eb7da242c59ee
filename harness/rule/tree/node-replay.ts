import type { Stat } from '../../history/op.ts';
import { Contradictions } from './contradictions.ts';
import { DataReplay } from './data-replay.ts';
import { type Demand, type Item, type Life, mayHaveEnded, type NodeLife } from './node-life.ts';
import type { Sessions } from './sessions.ts';
import { isEphemeral, isMortal, type Sighting, type Update } from './updates.ts';

interface Present {
  exists: true;
  /** 0 while nobody saw it. */
  czxid: number;
  life: Life;
  /** What must account for its creation, when nobody acknowledged it. */
  birth: Demand | undefined;
  data: DataReplay;
}
interface Absent {
  exists: false;
  /** The node was deleted by a known transaction (or never was), rather than only read as absent. */
  known: boolean;
}
/** Before the first thing said of a node in a tree that was there before the history. */
interface Unsaid {
  exists: undefined;
}

export interface Setting {
  sessions: Sessions;
  /** The tree began with this history, so nothing existed before. */
  fresh: boolean;
  /** Some delete of the node had no answer, and nobody saw it applied. */
  mayBeDeleted: boolean;
}

/**
 * Replays one node in zxid order: existence, incarnation, owner, and through `DataReplay` what it holds. What
 * contradicts itself is a breach; what needs a change nobody acknowledged is a demand.
 */
export function replayNode(path: string, items: readonly Item[], setting: Setting): NodeLife {
  return new NodeReplay(path, setting).replay(items);
}

class NodeReplay {
  private readonly found: Contradictions;
  private readonly lives: Life[] = [];
  private readonly setting: Setting;
  private state: Present | Absent | Unsaid;
  /** The last thing said of its existence. */
  private since = { zxid: 0, row: -1 };

  constructor(path: string, setting: Setting) {
    this.found = new Contradictions(path);
    this.setting = setting;
    this.state = setting.fresh ? { exists: false, known: true } : { exists: undefined };
  }

  replay(items: readonly Item[]): NodeLife {
    for (const item of items) {
      if (item.at === 'update') this.update(item.update);
      else if (item.at === 'end-of-session') this.endOfSession(item.session, item.zxid, item.row);
      else this.sighting(item.sighting);
    }
    if (this.state.exists) this.state.data.settle();
    const { path, demands, breaches } = this.found;
    return { path, lives: this.lives, demands, breaches };
  }

  private update(update: Update): void {
    const { kind, zxid, row, version, stat } = update;
    if (kind === 'create') {
      this.create(update);
    } else if (kind === 'delete') {
      const node = this.standing(zxid - 1, row, 'was deleted although it did not exist');
      if (version >= 0) node.data.conditionMet(version, zxid, row);
      this.end({ after: zxid - 1, upTo: zxid }, true);
    } else {
      const node = this.standing(zxid - 1, row, `was written (${kind}) although it did not exist`);
      if (version >= 0 && kind !== 'setACL') node.data.conditionMet(version, zxid, row);
      if (kind === 'setData') node.data.written(update);
      if (stat && (kind === 'setACL' || stat.mzxid === zxid)) this.compare(node, stat, undefined, zxid, row);
    }
    this.since = { zxid, row };
  }

  private create(update: Update): void {
    const { zxid, row, part, value, stat } = update;
    this.demandDeath(zxid - 1, row, 'was created although it existed');
    const { life } = this.begin(zxid, { after: zxid - 1, upTo: zxid, part }, (found) => {
      return new DataReplay(found, { zxid, exact: true, value, row }, 0);
    });
    life.mortal = isMortal(update);
    if (isEphemeral(update)) life.owner = { session: update.session };
    // Containers and TTL nodes carry a mark in place of an owner (EphemeralType).
    else if (!life.mortal) life.owner = { id: '0' };
    if (stat && (stat.czxid !== zxid || stat.mzxid !== zxid || stat.version !== 0)) {
      this.found.breach('answers its create with the Stat of something else', zxid, row, this.since.row);
    }
  }

  private endOfSession(session: number, zxid: number, row: number): void {
    if (!this.state.exists) return;
    const { owner, mortal } = this.state.life;
    const { id } = this.setting.sessions.of(session);
    if (owner.session !== session && (owner.id === undefined || owner.id !== id)) return;
    // Unless a lost delete came first: then this is only the latest time.
    const certain = !this.setting.mayBeDeleted && !mortal;
    this.end({ after: certain ? zxid - 1 : this.since.zxid, upTo: zxid }, true);
    this.since = { zxid, row };
  }

  private sighting({ seen, stat, data, notVersion, zxid, row }: Sighting): void {
    if (seen === 'absent') {
      this.demandDeath(zxid, row, 'is not there');
      this.state = { exists: false, known: this.state.exists === false && this.state.known };
    } else if (stat) {
      this.compare(this.incarnation(stat, data, zxid, row), stat, data, zxid, row);
    } else {
      const node = this.standing(zxid, row, 'is there although nobody created it');
      if (notVersion !== undefined) node.data.refused(notVersion, zxid, row);
    }
    this.since = { zxid, row };
  }

  /** The node a write or a plain sighting meets; one that nobody saw being created is demanded. */
  private standing(upTo: number, row: number, what: string): Present {
    const { state, since } = this;
    if (state.exists) return state;
    const window = { after: since.zxid, upTo };
    const node = this.begin(0, { ...window, part: 0 }, (found) => {
      return new DataReplay(found, { zxid: 0, exact: false, value: undefined, row }, undefined);
    });
    if (state.exists === false) node.birth = this.demandBirth(window, row, what, undefined);
    return node;
  }

  /** The node a Stat describes: the present incarnation, or a later one that nobody was told of. */
  private incarnation(stat: Stat, data: string | null | undefined, zxid: number, row: number): Present {
    const { state, since } = this;
    const { czxid, mzxid, version, ephemeralOwner } = stat;
    if (state.exists && this.isSameLife(state, czxid, zxid, row)) return state;
    const window = { after: czxid - 1, upTo: czxid };
    const created = mzxid === czxid ? data : undefined;
    if (state.exists) {
      this.demandDeath(czxid - 1, row, 'was created again although nobody deleted it');
      this.demandBirth(window, row, 'was created again by nobody', created);
    } else if (state.exists === false && czxid > since.zxid) {
      this.demandBirth(window, row, 'is there although nobody created it', created);
    } else if (state.exists === false) {
      const what = state.known
        ? 'is there although it was deleted'
        : 'is there, and was not there before although it had been created';
      const breach = this.found.breachOf(what, zxid, row, since.row);
      this.found.breaches.push(ephemeralOwner === '0' ? breach : { ...breach, ephemeral: true });
    }
    // A tree older than the history: what was written before is taken as it is.
    const first = state.exists === undefined ? { zxid: mzxid, version } : { zxid: czxid, version: 0 };
    const node = this.begin(czxid, { ...window, part: 0 }, (found) => {
      return new DataReplay(found, { zxid: first.zxid, exact: true, value: undefined, row }, first.version);
    });
    node.life.owner = { id: bare(ephemeralOwner) };
    return node;
  }

  /** Whether a Stat with this czxid belongs to the present incarnation; one from before it is a breach. */
  private isSameLife(node: Present, czxid: number, zxid: number, row: number): boolean {
    if (node.czxid === czxid) return true;
    const { after, upTo } = node.life.born;
    if (node.czxid === 0 && czxid > after && czxid <= upTo) {
      this.learnBirth(node, czxid, row);
      return true;
    }
    if (czxid > Math.max(node.czxid, after)) return false;
    const what = 'shows an incarnation older than the one that was there before';
    this.found.breach(what, zxid, row, this.since.row);
    return true;
  }

  private learnBirth(node: Present, czxid: number, row: number): void {
    const exact = { after: czxid - 1, upTo: czxid };
    node.czxid = czxid;
    node.life.born = { ...node.life.born, ...exact };
    if (node.birth) Object.assign(node.birth, exact);
    if (this.setting.fresh) node.data.beganAt(czxid, row);
  }

  private begin(czxid: number, born: Life['born'], data: (found: Contradictions) => DataReplay): Present {
    const life: Life = { born, died: undefined, owner: {}, mortal: false };
    this.lives.push(life);
    const node: Present = { exists: true, czxid, life, birth: undefined, data: data(this.found) };
    this.state = node;
    return node;
  }

  private end(died: { after: number; upTo: number }, known: boolean): void {
    if (!this.state.exists) return;
    this.state.data.settle();
    this.state.life.died = died;
    this.state = { exists: false, known };
  }

  private compare(
    node: Present,
    stat: Stat,
    data: string | null | undefined,
    zxid: number,
    row: number,
  ): void {
    const { mzxid, czxid, pzxid, version } = stat;
    if (czxid > mzxid || mzxid > zxid || pzxid > zxid || pzxid < czxid) {
      const what = 'has a Stat whose zxids are out of order or ahead of the reply';
      this.found.breach(what, zxid, row, this.since.row);
      return;
    }
    if (version === 0 && mzxid !== czxid) {
      this.found.breach(
        'has version 0 although it was written since its creation',
        zxid,
        row,
        this.since.row,
      );
    }
    if (node.czxid === 0) this.learnBirth(node, czxid, row);
    this.compareOwner(node.life, stat, zxid, row);
    node.data.shown(stat, data, zxid, row);
  }

  private compareOwner(life: Life, { ephemeralOwner }: Stat, zxid: number, row: number): void {
    const { id, session } = life.owner;
    const expected = id ?? (session === undefined ? undefined : this.setting.sessions.of(session).id);
    if (expected === undefined) life.owner = { id: bare(ephemeralOwner) };
    else if (bare(ephemeralOwner) !== bare(expected)) {
      const what = `belongs to session ${ephemeralOwner}, but ${expected} created it`;
      this.found.breach(what, zxid, row, this.since.row);
    }
  }

  /** A node that existed is gone by `upTo`, and nobody acknowledged a delete. */
  private demandDeath(upTo: number, row: number, what: string): void {
    if (!this.state.exists) return;
    const { life } = this.state;
    const { zxid: after, row: witness } = this.since;
    this.end({ after, upTo }, false);
    const orphan = life.owner.session === undefined && life.owner.id === undefined;
    if (life.mortal || (!orphan && mayHaveEnded(life, upTo, this.setting.sessions))) return;
    const breach = this.found.breachOf(what, upTo, row, witness);
    if (life.owner.id !== '0' && !orphan) breach.ephemeral = true;
    this.found.demand({ kind: 'delete', after, upTo, ...(orphan && { orphan }), breach });
  }

  private demandBirth(
    window: { after: number; upTo: number },
    row: number,
    what: string,
    value: string | null | undefined,
  ): Demand {
    const breach = this.found.breachOf(what, window.upTo, row, this.since.row);
    return this.found.demand({ kind: 'create', ...window, value, breach });
  }
}

const bare = (id: string) => id.replace(/^0+(?=.)/, '');
