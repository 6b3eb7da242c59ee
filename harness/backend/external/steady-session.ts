import { sleep } from '../../base/clock.ts';
import { Trouble } from '../../base/trouble.ts';
import { WaitedInVain, waitFor } from '../../base/wait.ts';
import type { Auth } from '../../client/auth.ts';
import type { AnswerTo } from '../../client/call.ts';
import { type Meaning, meaningOf } from '../../client/errors.ts';
import type { Request } from '../../client/requests.ts';
import { Session } from '../../client/session.ts';
import type { Endpoint } from '../../topology/endpoint.ts';

/** Asked for; servers grant between 2 and 20 of their ticks. So long after its owner's death a run node can be swept. */
const timeoutMs = 10_000;
const connectMs = 3000;
/** How long without a connection may go unnoticed, and the pause between two tries. */
const lookMs = 200;
/** A node may have hundreds of thousands of children, and a server lists them in one frame. */
const maxFrameBytes = 256 * 2 ** 20;

/** What leaves no doubt about the request it answers, and the session alive. */
const definite: ReadonlySet<Meaning> = new Set(['done', 'refused']);

export interface Reached {
  endpoints: readonly Endpoint[];
  auth?: Auth;
}

/**
 * A session of the harness itself, not in any record: it goes from server to server as long as it is wanted, and begins
 * anew when it has expired.
 */
export class SteadySession {
  readonly #reached: Reached;
  readonly #life: Promise<void>;
  #session: Session;
  #tries = 0;
  #over = false;
  #onRenewed: () => void = () => undefined;

  constructor(reached: Reached) {
    this.#reached = reached;
    this.#session = this.#begun();
    this.#life = this.#live();
  }

  /** Called when a new session has taken the place of one that expired; its ephemerals are gone. */
  onRenewed(renewed: () => void): void {
    this.#onRenewed = renewed;
  }

  /**
   * What a server answered, within `deadlineMs`. A request without an answer is sent again, so one that changes something
   * may have been applied before it is refused.
   */
  async ask<R extends Request>(request: R, deadlineMs: number): Promise<AnswerTo<R['kind']>> {
    try {
      const what = `an answer to ${request.kind}`;
      return await waitFor({ what, deadlineMs, everyMs: lookMs / 2 }, async () => {
        const answer = await this.#session.request(request);
        return definite.has(meaningOf(answer.error)) ? answer : undefined;
      });
    } catch (cause) {
      if (!(cause instanceof WaitedInVain)) throw cause;
      throw new Trouble('the ensemble', cause.message, 'see that it serves', { cause });
    }
  }

  /** Ends the session at the servers when one can be reached; else it expires there. */
  async close(): Promise<void> {
    this.#over = true;
    await this.#life;
    if (this.#session.state.kind === 'connected') await this.#session.close();
    this.#session.destroySocket();
  }

  #begun(): Session {
    const session = new Session({ timeoutMs, connectMs, maxFrameBytes });
    const { auth } = this.#reached;
    if (auth) void session.addAuth(auth.scheme, auth.credentials);
    return session;
  }

  async #live(): Promise<void> {
    let renewed = false;
    while (!this.#over) {
      const session = this.#session;
      const { kind } = session.state;
      if (kind === 'connected') {
        if (renewed) this.#onRenewed();
        renewed = false;
        await sleep(lookMs);
      } else if (kind === 'expired') {
        this.#session = this.#begun();
        renewed = true;
      } else {
        const { endpoints } = this.#reached;
        const endpoint = endpoints[this.#tries++ % endpoints.length]!;
        const { outcome } = await (kind === 'new' ? session.open(endpoint) : session.moveTo(endpoint));
        if (outcome !== 'ok') await sleep(lookMs);
      }
    }
  }
}
