import type { Cut, Site, TimedCut } from '../backend/backend.ts';
import { isBroker } from '../topology/brokers.ts';

/** All cuts in force, by the fault that made them: faults may overlap, and a link heals when the last one lets go. */
export class OpenCuts {
  readonly #site: Site;
  readonly #byFault = new Map<object, TimedCut[]>();

  constructor(site: Site) {
    this.#site = site;
  }

  async open(owner: object, cuts: readonly TimedCut[]): Promise<void> {
    this.#byFault.set(owner, [...cuts]);
    await this.#apply();
  }

  async close(owner: object): Promise<void> {
    if (this.#byFault.delete(owner)) await this.#apply();
  }

  /** Whether a packet from one place to another would be lost on any port, because of another fault than `except`. */
  touches(cut: Cut, except: object): boolean {
    return [...this.#byFault].some(
      ([owner, cuts]) =>
        owner !== except &&
        cuts.some((open) => open.from === cut.from && open.to === cut.to && overlaps(open.ports, cut.ports)),
    );
  }

  /** Cuts in force, each once, with the latest deadline anybody asked for. */
  all(): TimedCut[] {
    const merged = new Map<string, TimedCut>();
    for (const cut of [...this.#byFault.values()].flat()) {
      const key = `${cut.from}>${cut.to}:${cut.ports}`;
      const known = merged.get(key);
      if (!known || known.untilNs < cut.untilNs) merged.set(key, cut);
    }
    return [...merged.values()];
  }

  /** Whether two servers can talk as peers: nothing open between them, in either direction, but on the client port, which only brokers use among them. */
  linked(a: number, b: number): boolean {
    return !this.all().some(
      ({ from, to, ports }) =>
        (ports !== 'client' || isBroker(a) || isBroker(b)) &&
        ((from === a && to === b) || (from === b && to === a)),
    );
  }

  async #apply(): Promise<void> {
    await this.#site.setCuts(this.all());
  }
}

const overlaps = (a: Cut['ports'], b: Cut['ports']) => a === 'all' || b === 'all' || a === b;
