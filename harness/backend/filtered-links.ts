import type { Clock } from '../base/clock.ts';
import type { PortClass } from '../topology/topology.ts';
import type { Cut, Place, TimedCut } from './backend.ts';
import { type NftCut, nftDropped, nftReplace, nftSetName, nftTable } from './nft.ts';

/** Runs nft in a server's network namespace, with `input` as its standard input; throws when it fails. */
type RunNft = (sid: number, args: readonly string[], input: string) => Promise<string>;

export interface Net {
  sids: readonly number[];
  ports: Record<PortClass, number>;
  clock: Clock;
  /** The address packets of a place have inside the servers' network. */
  addressAt(place: Place): string;
  nft: RunNft;
}

/** Cuts as set elements with kernel timeouts, in the table of the receiving server; towards clients, of the sender. */
export class FilteredLinks {
  readonly perPort = true;
  readonly #net: Net;
  readonly #busy = new Set<number>();

  constructor(net: Net) {
    this.#net = net;
  }

  async setCuts(cuts: readonly TimedCut[]): Promise<void> {
    const { sids, clock, nft } = this.#net;
    const wanted = new Map<number, NftCut[]>(sids.map((sid) => [sid, []]));
    for (const cut of cuts) {
      const { sid, ...element } = this.#place(cut);
      const timeoutMs = (cut.untilNs - clock.nowNs()) / 1e6;
      if (timeoutMs > 0) wanted.get(sid)?.push({ ...element, timeoutMs });
    }
    const changed = [...wanted].filter(([sid, elements]) => elements.length > 0 || this.#busy.has(sid));
    await Promise.all(
      changed.map(async ([sid, elements]) => {
        await nft(sid, ['-f', '-'], nftReplace(elements));
        if (elements.length > 0) this.#busy.add(sid);
        else this.#busy.delete(sid);
      }),
    );
  }

  async dropped(cut: Cut): Promise<number | undefined> {
    const { sid, ...element } = this.#place(cut);
    const listing = await this.#net.nft(
      sid,
      ['-j', 'list', 'set', 'inet', nftTable, nftSetName(element)],
      '',
    );
    return nftDropped(listing, element);
  }

  #place(cut: Cut): { sid: number } & Omit<NftCut, 'timeoutMs'> {
    const { addressAt, ports } = this.#net;
    const port = cut.ports === 'all' ? 'all' : ports[cut.ports];
    if (cut.to !== 'clients') return { sid: cut.to, direction: 'in', peer: addressAt(cut.from), port };
    if (cut.from !== 'clients') return { sid: cut.from, direction: 'out', peer: addressAt('clients'), port };
    throw new Error('a cut from clients to clients makes no sense');
  }
}
