import type { Breach, Demand } from './node-life.ts';

/** Collects what is wrong with one node, and what lost writes must account for. */
export class Contradictions {
  readonly path: string;
  readonly breaches: Breach[] = [];
  readonly demands: Demand[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /** `other`: the row it contradicts, -1 for none. */
  breachOf(what: string, zxid: number, row: number, other: number): Breach {
    const rows = other >= 0 && other !== row ? [other, row] : [row];
    return { path: this.path, what, rows, zxid };
  }

  breach(what: string, zxid: number, row: number, other: number): void {
    this.breaches.push(this.breachOf(what, zxid, row, other));
  }

  demand(demand: Omit<Demand, 'path'>): Demand {
    const whole = { ...demand, path: this.path };
    this.demands.push(whole);
    return whole;
  }
}
