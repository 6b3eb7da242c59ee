import { RunNode } from './run-node.ts';
import { type Reached, SteadySession } from './steady-session.ts';

/** The node of a run, held as long as a site lives: made with its owner, kept owned, and removed with all below it. */
export class Lease {
  readonly #session: SteadySession;
  readonly #node: RunNode;
  #released: Promise<void> | undefined;
  #disowned: unknown;

  private constructor(session: SteadySession, node: RunNode) {
    this.#session = session;
    this.#node = node;
  }

  static async take(reached: Reached, path: string): Promise<Lease> {
    const session = new SteadySession(reached);
    try {
      const node = new RunNode(session, path);
      await node.make();
      const lease = new Lease(session, node);
      // Without its owner the node may be taken for a dead one's.
      session.onRenewed(() => {
        node.own().catch((error) => {
          lease.#disowned ??= error;
        });
      });
      return lease;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Once, whoever asks. Throws when servers do not let it be removed, when none answers, and when it was lost before. */
  release(): Promise<void> {
    this.#released ??= this.#end();
    return this.#released;
  }

  async #end(): Promise<void> {
    this.#session.onRenewed(() => undefined);
    try {
      await this.#node.remove();
    } finally {
      await this.#session.close();
    }
    if (this.#disowned !== undefined) throw this.#disowned;
  }
}
