import { inTurn } from './in-turn.ts';

interface Deed {
  what: string;
  undo(): Promise<unknown>;
}

/**
 * What a run did to things that outlive it, and how each is undone: the net for a run that is cut short. Servers of our
 * own need none of it, for they end with us.
 */
export class Undo {
  readonly #deeds: Deed[] = [];
  #onUndone: (what: string) => void = () => undefined;
  #over = false;

  /** Told of each deed that was undone by `all`. */
  onUndone(listener: (what: string) => void): void {
    this.#onUndone = listener;
  }

  /** To be called before the deed; what it returns is called when the deed has been undone in the ordinary way. */
  before(what: string, undo: () => Promise<unknown>): () => void {
    if (this.#over) throw new Error(`the run is being cut short, so nothing new is begun (${what})`);
    const deed = { what, undo };
    this.#deeds.push(deed);
    return () => {
      const at = this.#deeds.indexOf(deed);
      if (at >= 0) this.#deeds.splice(at, 1);
    };
  }

  /** Undoes everything, the youngest deed first, also after one that cannot be; throws what could not. */
  async all(): Promise<void> {
    this.#over = true;
    const steps = this.#deeds.toReversed().map(({ what, undo }) => async () => {
      await undo();
      this.#onUndone(what);
    });
    this.#deeds.length = 0;
    await inTurn(...steps);
  }
}
