import type { Contradictions } from './contradictions.ts';

/**
 * `aversion` of one incarnation, replayed in zxid order: every setACL adds one, and nothing else does (DataTree.setACL
 * touches no other field of the Stat).
 */
export class AclReplay {
  private readonly found: Contradictions;
  /** Known from the last Stat, or one more than that after a refusal showed that it had changed; -1 until something tells. */
  private version = -1;
  private sinceZxid = 0;
  private sinceRow = -1;

  constructor(found: Contradictions) {
    this.found = found;
  }

  /** `version`: -1 for a tree older than the history. */
  begin(version: number, zxid: number, row: number): void {
    this.version = version;
    this.sinceZxid = zxid;
    this.sinceRow = row;
  }

  /** A known setACL that made `made`; `condition`: the version it asked for, -1 for any. */
  written(made: number, condition: number, zxid: number, row: number): void {
    if (condition >= 0 && made !== condition + 1) {
      const what = `got aversion ${made} from a setACL conditional on aversion ${condition}`;
      this.found.breach(what, zxid, row, this.sinceRow);
    }
    this.reach(made - 1, zxid - 1, row);
    this.begin(made, zxid, row);
  }

  shown(aversion: number, zxid: number, row: number): void {
    if (aversion === this.version) return;
    this.reach(aversion, zxid, row);
    this.begin(aversion, zxid, row);
  }

  /** A conditional setACL failed: the node did not have this aversion. */
  refused(aversion: number, zxid: number, row: number): void {
    if (aversion !== this.version) return;
    this.reach(aversion + 1, zxid - 1, row);
    this.begin(aversion + 1, zxid, row);
  }

  /** By `upTo` the aversion was `aversion`: what lies between must have been lost writes. */
  private reach(aversion: number, upTo: number, row: number): void {
    if (this.version < 0) return;
    const hidden = aversion - this.version;
    if (hidden < 0) {
      const what = `has aversion ${aversion} where it must have at least ${this.version}`;
      this.found.breach(what, upTo, row, this.sinceRow);
    }
    for (let i = 0; i < hidden; i++) {
      const what = `had its access list changed by nobody: aversion goes from ${this.version} to ${aversion}`;
      const breach = this.found.breachOf(what, upTo, row, this.sinceRow);
      this.found.demand({ kind: 'setACL', after: this.sinceZxid, upTo, breach });
    }
  }
}
