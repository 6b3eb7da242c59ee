import type { Stat } from '../../history/op.ts';
import type { Contradictions } from './contradictions.ts';
import type { Breach } from './node-life.ts';
import type { Update } from './updates.ts';

/** The last write known. `exact` is false while only a condition tells that there was one, somewhere behind `zxid`. */
interface LastWrite {
  zxid: number;
  exact: boolean;
  /** Undefined until somebody reads it. */
  value: string | null | undefined;
  row: number;
}

/**
 * Data and version of one incarnation of a node, replayed in zxid order. Every write adds one to the version, so a jump
 * says how many writes nobody acknowledged; each must be accounted for by a lost one.
 */
export class DataReplay {
  private readonly found: Contradictions;
  private last: LastWrite;
  /** Version made by the last write whose version is known; undefined until something tells. */
  private version: number | undefined;
  /** Known writes since then. */
  private unversioned = 0;
  /** A conditional write was refused: by then the node no longer had `version`. */
  private refusal: { zxid: number; row: number } | undefined;

  constructor(found: Contradictions, last: LastWrite, version: number | undefined) {
    this.found = found;
    this.last = last;
    this.version = version;
  }

  /** The incarnation began there, and nothing is known of a write since. */
  beganAt(czxid: number, row: number): void {
    if (this.version !== undefined || this.unversioned > 0) return;
    this.last = { zxid: czxid, exact: true, value: undefined, row };
    this.version = 0;
  }

  /** A known setData. */
  written(update: Update): void {
    const { zxid, row, value, version, stat } = update;
    if (stat && version >= 0 && stat.version !== version + 1) {
      const what = `got version ${stat.version} from a write conditional on version ${version}`;
      this.found.breach(what, zxid, row, this.last.row);
    }
    if (stat && stat.mzxid !== zxid) {
      this.found.breach('answers a write with the Stat of another', zxid, row, this.last.row);
    }
    this.advance(zxid, stat?.version ?? update.versionSeen ?? (version >= 0 ? version + 1 : undefined), row);
    this.last = { zxid, exact: true, value, row };
  }

  /** A conditional operation succeeded: just before it the node had exactly this version. */
  conditionMet(version: number, zxid: number, row: number): void {
    const now = this.version === undefined ? version : this.version + this.unversioned;
    const hidden = version - now;
    if (hidden < 0) {
      const what = `accepted a condition on version ${version} when it already had version ${now}`;
      this.found.breach(what, zxid, row, this.last.row);
    } else if (hidden > 0) {
      this.demandWrites(hidden, zxid - 1, row);
      this.last = { ...this.last, exact: false, value: undefined };
    } else if (this.refusal) {
      this.found.breaches.push(this.wrongRefusal(this.refusal));
    }
    this.knows(version);
    this.refusal = undefined;
  }

  /** A conditional operation failed. Any version but the present one needs no reason. */
  refused(version: number, zxid: number, row: number): void {
    if (this.unversioned === 0 && version === this.version) this.refusal ??= { zxid, row };
  }

  /** What a Stat, and the data if they were read, say of the last write. */
  shown(
    { mzxid, version, dataLength }: Stat,
    data: string | null | undefined,
    zxid: number,
    row: number,
  ): void {
    if (mzxid < this.last.zxid) {
      const what = 'shows a state from before a write that this server had already applied';
      this.found.breach(what, zxid, row, this.last.row);
      return;
    }
    if (mzxid > this.last.zxid) this.unseenWrite(mzxid, version, data, row);
    else this.compareVersion(version, zxid, row);
    if (data === undefined) return;
    this.last.value ??= data;
    if ((this.last.value ?? '') !== (data ?? '')) {
      const what = `holds ${quoted(data)} where ${quoted(this.last.value)} was written`;
      this.found.breach(what, zxid, row, this.last.row);
    }
    if (Buffer.byteLength(data ?? '') !== dataLength && !data?.startsWith('bytes:')) {
      this.found.breach(`says dataLength ${dataLength} of ${quoted(data)}`, zxid, row, this.last.row);
    }
  }

  /** The end of the incarnation or of the history: a refusal still unexplained shows alone that something was written. */
  settle(): void {
    if (this.refusal && this.version !== undefined) {
      this.found.demand({
        kind: 'setData',
        after: this.last.zxid,
        upTo: this.refusal.zxid - 1,
        version: this.version + 1,
        breach: this.wrongRefusal(this.refusal),
      });
    }
    this.refusal = undefined;
  }

  private knows(version: number): void {
    this.version = version;
    this.unversioned = 0;
  }

  /** Moves to the write at `zxid` that made `version`: what lies between must have been lost writes. */
  private advance(zxid: number, version: number | undefined, row: number): void {
    // A write that was seen later, but stands before the refusal, is the reason for it.
    if (this.refusal && zxid < this.refusal.zxid) this.refusal = undefined;
    if (version === undefined) {
      this.unversioned++;
    } else {
      if (this.version !== undefined) {
        const now = this.version + this.unversioned;
        const hidden = version - now - 1;
        if (hidden < 0) {
          const what = `has version ${version} after a write that followed version ${now}`;
          this.found.breach(what, zxid, row, this.last.row);
        } else if (hidden > 0) this.demandWrites(hidden, zxid - 1, row);
        else if (this.refusal) this.found.breaches.push(this.wrongRefusal(this.refusal));
      }
      this.knows(version);
    }
    this.refusal = undefined;
  }

  /** `count` writes of this node between the last one known and `upTo`. */
  private demandWrites(count: number, upTo: number, row: number): void {
    const times = count === 1 ? 'once' : `${count} times`;
    for (let i = 0; i < count; i++) {
      const version = this.unversioned === 0 && this.version !== undefined ? this.version + 1 + i : undefined;
      const end = i === 0 && this.refusal ? Math.min(upTo, this.refusal.zxid - 1) : upTo;
      const what = `was written ${times} by nobody: its version jumps`;
      this.found.demand({
        kind: 'setData',
        after: this.last.zxid,
        upTo: end,
        ...(version !== undefined && { version }),
        breach: this.found.breachOf(what, upTo, row, this.last.row),
      });
    }
  }

  /** The data is from a write nobody acknowledged. */
  private unseenWrite(zxid: number, version: number, data: string | null | undefined, row: number): void {
    const foretold = !this.last.exact && this.version === version && this.unversioned === 0;
    // A tree older than the history may have any version at first.
    const known = this.version !== undefined;
    if (!foretold) this.advance(zxid, version, row);
    if (!foretold && known) {
      const what =
        data === undefined
          ? 'was written by nobody'
          : `holds ${quoted(data)}, which nobody wrote there at that zxid`;
      const breach = this.found.breachOf(what, zxid, row, this.last.row);
      this.found.demand({ kind: 'setData', after: zxid - 1, upTo: zxid, version, value: data, breach });
    }
    this.last = { zxid, exact: true, value: data, row };
  }

  private compareVersion(version: number, zxid: number, row: number): void {
    if (this.version !== undefined) {
      const now = this.version + this.unversioned;
      if (version < now || (version > now && this.unversioned === 0)) {
        const what = `has version ${version} where it must have ${now}`;
        this.found.breach(what, zxid, row, this.last.row);
      } else if (version > now) this.demandWrites(version - now, this.last.zxid - 1, row);
    }
    this.knows(version);
  }

  private wrongRefusal({ zxid, row }: { zxid: number; row: number }): Breach {
    const what = `refused a write conditional on version ${this.version} while it had that version`;
    return { ...this.found.breachOf(what, zxid, row, this.last.row), unlessReborn: true };
  }
}

const quoted = (value: string | null) =>
  value === null ? 'no data' : JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
