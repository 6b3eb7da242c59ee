import type { Contradictions } from './contradictions.ts';
import type { Breach } from './node-life.ts';
import { byteLength, unsaid } from './texts.ts';
import type { Told } from './told.ts';

/**
 * Data and version of one incarnation of a node, replayed in zxid order. Every write adds one to the version, so a jump
 * says how many writes nobody acknowledged; each must be accounted for by a lost one.
 */
export class DataReplay {
  private readonly found: Contradictions;
  private readonly told: Told;
  /** Zxid and row of the last write known. `exact` is false while only a condition tells that there was one, somewhere behind. */
  private lastZxid = 0;
  private lastRow = -1;
  private exact = true;
  /** What it wrote; `unsaid` until somebody reads it. */
  private value = unsaid;
  /** A Stat seen since it; -1 for none. */
  private stat = -1;
  /** Version made by the last write whose version is known; -1 until something tells. */
  private version = -1;
  /** Zxid of that write. */
  private versionZxid = 0;
  /** Known writes since then. */
  private unversioned = 0;
  /** A conditional write was refused: by then (0 for never) the node no longer had `version`. */
  private refusedAt = 0;
  private refusedRow = -1;

  constructor(found: Contradictions) {
    this.found = found;
    this.told = found.told;
  }

  /** A new incarnation. `zxid` and `value`: of its last write known; `version`: -1 when not known. */
  begin(zxid: number, exact: boolean, value: number, row: number, version: number): void {
    this.lastZxid = zxid;
    this.exact = exact;
    this.value = value;
    this.lastRow = row;
    this.stat = -1;
    this.knows(version, zxid);
    this.refusedAt = 0;
  }

  /** The incarnation began there, and nothing is known of a write since. */
  beganAt(czxid: number, row: number): void {
    if (this.version >= 0 || this.unversioned > 0) return;
    this.wrote(czxid, true, unsaid, row);
    this.knows(0, czxid);
  }

  /** A known setData. `condition`: the version it asked for, -1 for any; `made`: the version it made, -1 when not known. */
  written(zxid: number, row: number, value: number, condition: number, stat: number, made: number): void {
    const { stats } = this.told;
    if (stat >= 0 && condition >= 0 && stats.version(stat) !== condition + 1) {
      const what = `got version ${stats.version(stat)} from a write conditional on version ${condition}`;
      this.found.breach(what, zxid, row, this.lastRow);
    }
    if (stat >= 0 && stats.mzxid(stat) !== zxid) {
      this.found.breach('answers a write with the Stat of another', zxid, row, this.lastRow);
    }
    if (stat >= 0) this.advance(zxid, stats.version(stat), row);
    else if (made >= 0) this.advance(zxid, made, row);
    else this.advance(zxid, condition >= 0 ? condition + 1 : -1, row);
    this.wrote(zxid, true, value, row);
    if (stat >= 0 && stats.mzxid(stat) === zxid) this.stat = stat;
  }

  /** A conditional operation succeeded: just before it the node had exactly this version. */
  conditionMet(version: number, zxid: number, row: number): void {
    const now = this.version < 0 ? version : this.version + this.unversioned;
    const hidden = version - now;
    if (hidden < 0) {
      const what = `accepted a condition on version ${version} when it already had version ${now}`;
      this.found.breach(what, zxid, row, this.lastRow);
    } else if (hidden > 0) {
      this.demandWrites(hidden, zxid - 1, row);
      this.wrote(this.lastZxid, false, unsaid, this.lastRow);
    } else if (this.refusedAt > 0) {
      this.found.breaches.push(this.wrongRefusal());
    }
    this.knows(version, this.lastZxid);
    this.refusedAt = 0;
  }

  /** A conditional operation failed. Any version but the present one needs no reason. */
  refused(version: number, zxid: number, row: number): void {
    if (this.unversioned > 0 || version !== this.version || this.refusedAt > 0) return;
    this.refusedAt = zxid;
    this.refusedRow = row;
  }

  /** What a Stat, and the data if they were read, say of the last write. True when all of it is in order. */
  shown(stat: number, data: number, zxid: number, row: number): boolean {
    const { stats, texts } = this.told;
    const mzxid = stats.mzxid(stat);
    const before = this.found.breaches.length;
    if (mzxid < this.lastZxid) {
      const what = 'shows a state from before a write that this server had already applied';
      this.found.breach(what, zxid, row, this.lastRow);
      return false;
    }
    if (this.refusedAt > 0 && this.exact && mzxid === this.lastZxid) {
      this.found.breaches.push(this.wrongRefusal(false));
      this.refusedAt = 0;
    }
    if (mzxid > this.lastZxid) this.unseenWrite(mzxid, stats.version(stat), data, row);
    else this.compareVersion(stats.version(stat), zxid, row);
    this.compareWrite(stat, zxid, row);
    if (data !== unsaid) {
      if (this.value === unsaid) this.value = data;
      if (!texts.same(this.value, data)) {
        const what = `holds ${this.found.quoted(data)} where ${this.found.quoted(this.value)} was written`;
        this.found.breach(what, zxid, row, this.lastRow);
      }
    }
    return this.found.breaches.length === before;
  }

  /** The end of the incarnation or of the history: a refusal still unexplained shows alone that something was written. */
  settle(): void {
    if (this.refusedAt > 0 && this.version >= 0) {
      this.found.demand({
        kind: 'setData',
        after: this.lastZxid,
        upTo: this.refusedAt - 1,
        version: this.version + 1,
        breach: this.wrongRefusal(),
      });
    }
    this.refusedAt = 0;
  }

  private wrote(zxid: number, exact: boolean, value: number, row: number): void {
    this.lastZxid = zxid;
    this.exact = exact;
    this.value = value;
    this.lastRow = row;
    this.stat = -1;
  }

  private knows(version: number, zxid: number): void {
    this.version = version;
    this.versionZxid = zxid;
    this.unversioned = 0;
  }

  /** What the last write alone determines: time of the write and length of the data. */
  private compareWrite(stat: number, zxid: number, row: number): void {
    const { stats, texts } = this.told;
    if (this.stat < 0) {
      const text = texts.text(this.value);
      const bytes = text === undefined ? undefined : byteLength(text);
      if (bytes !== undefined && bytes !== stats.dataLength(stat)) {
        const what = `says dataLength ${stats.dataLength(stat)} of ${this.found.quoted(this.value)}`;
        this.found.breach(what, zxid, row, this.lastRow);
      }
      this.stat = stat;
      return;
    }
    this.compareField('mtimeMs', stats.mtimeMs(this.stat), stats.mtimeMs(stat), zxid, row);
    this.compareField('dataLength', stats.dataLength(this.stat), stats.dataLength(stat), zxid, row);
  }

  private compareField(field: string, had: number, has: number, zxid: number, row: number): void {
    if (has === had) return;
    const what = `has ${field} ${has} and had ${had}, although nobody wrote it in between`;
    this.found.breach(what, zxid, row, this.lastRow);
  }

  /** Moves to the write at `zxid` that made `version` (-1: not known): what lies between, up to `upTo`, must have been lost writes. */
  private advance(zxid: number, version: number, row: number, upTo = zxid - 1): void {
    // A write that was seen later, but stands before the refusal, is the reason for it.
    if (zxid < this.refusedAt) this.refusedAt = 0;
    if (version < 0) {
      this.unversioned++;
    } else {
      if (this.version >= 0) {
        const now = this.version + this.unversioned;
        const hidden = version - now - 1;
        if (hidden < 0) {
          const what = `has version ${version} after a write that followed version ${now}`;
          this.found.breach(what, zxid, row, this.lastRow);
        } else if (hidden > 0) this.demandWrites(hidden, upTo, row);
        else if (this.refusedAt > 0) this.found.breaches.push(this.wrongRefusal());
      }
      this.knows(version, zxid);
    }
    this.refusedAt = 0;
  }

  /** `count` writes of this node between the last one known and `upTo`. */
  private demandWrites(count: number, upTo: number, row: number): void {
    const times = count === 1 ? 'once' : `${count} times`;
    for (let i = 0; i < count; i++) {
      const known = this.unversioned === 0 && this.version >= 0;
      const end = i === 0 && this.refusedAt > 0 ? Math.min(upTo, this.refusedAt - 1) : upTo;
      const what = `was written ${times} by nobody: its version jumps`;
      this.found.demand({
        kind: 'setData',
        after: this.versionZxid,
        upTo: end,
        ...(known && { version: this.version + 1 + i }),
        breach: this.found.breachOf(what, upTo, row, this.lastRow),
      });
    }
  }

  /** The data is from a write nobody acknowledged. */
  private unseenWrite(zxid: number, version: number, data: number, row: number): void {
    const foretold = !this.exact && this.version === version && this.unversioned === 0;
    // A tree older than the history may have any version at first.
    const known = this.version >= 0;
    const last = this.lastRow;
    // Hidden writes may be earlier parts of the same multi.
    if (!foretold) this.advance(zxid, version, row, zxid);
    if (!foretold && known) {
      const what =
        data === unsaid
          ? 'was written by nobody'
          : `holds ${this.found.quoted(data)}, which nobody wrote there at that zxid`;
      const breach = this.found.breachOf(what, zxid, row, last);
      const text = data === unsaid ? undefined : data;
      this.found.demand({ kind: 'setData', after: zxid - 1, upTo: zxid, version, text, breach });
    }
    this.wrote(zxid, true, data, row);
  }

  private compareVersion(version: number, zxid: number, row: number): void {
    if (this.version >= 0) {
      const now = this.version + this.unversioned;
      if (version < now || (version > now && this.unversioned === 0)) {
        const what = `has version ${version} where it must have ${now}`;
        this.found.breach(what, zxid, row, this.lastRow);
      } else if (version > now) this.demandWrites(version - now, this.lastZxid - 1, row);
    }
    this.knows(version, this.lastZxid);
  }

  /** Unless somebody saw that no write came in between, the node may also have been deleted and created anew. */
  private wrongRefusal(unlessReborn = true): Breach {
    const what = `refused a write conditional on version ${this.version} while it had that version`;
    const breach = this.found.breachOf(what, this.refusedAt, this.refusedRow, this.lastRow);
    return unlessReborn ? { ...breach, unlessReborn } : breach;
  }
}
