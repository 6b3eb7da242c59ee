import type { Breach, Demand } from './node-life.ts';
import type { Told } from './told.ts';

/** Collects what is wrong with the nodes, one after the other, and what lost writes must account for. */
export class Contradictions {
  readonly told: Told;
  readonly breaches: Breach[] = [];
  readonly demands: Demand[] = [];
  /** The node that is looked at. */
  node = -1;

  constructor(told: Told) {
    this.told = told;
  }

  /** `other`: the row it contradicts, -1 for none. */
  breachOf(what: string, zxid: number, row: number, other: number): Breach {
    const rows = other >= 0 && other !== row ? [other, row] : [row];
    return { path: this.told.paths.names[this.node]!, what, rows, zxid };
  }

  breach(what: string, zxid: number, row: number, other: number): void {
    this.breaches.push(this.breachOf(what, zxid, row, other));
  }

  demand(demand: Omit<Demand, 'node'>): Demand {
    const whole = { ...demand, node: this.node };
    this.demands.push(whole);
    return whole;
  }

  quoted(id: number): string {
    const text = this.told.texts.text(id) ?? null;
    if (text === null) return 'no data';
    return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  }
}
