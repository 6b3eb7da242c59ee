import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import { sleep } from '../base/clock.ts';
import type { Role, RoleSample } from '../topology/roles.ts';
import type { Ensemble } from './ensemble.ts';

/** Others' servers log every look. */
const everyMs = { ours: 100, others: 1000 };
/** An unchanged role is written this often, so that a reader can tell "still leading" from "no longer looked at". */
const repeatMs = 1000;

/** Looks at every server ten times a second (at others' once) and writes what it is, from the first start to the last. */
export class RoleSampler {
  readonly #ensemble: Ensemble;
  readonly #clock: Clock;
  readonly #out: WriteStream;
  readonly #onChange: (sample: RoleSample) => void;
  readonly #last = new Map<number, RoleSample>();
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(path: string, ensemble: Ensemble, clock: Clock, onChange: (sample: RoleSample) => void) {
    this.#ensemble = ensemble;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#out = createWriteStream(path, { flags: 'a' });
    this.#done = ensemble.tellsRoles ? this.#sampleOn() : Promise.resolve();
  }

  roleOf(sid: number): Role | undefined {
    return this.#last.get(sid)?.role;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    this.#out.end();
    await once(this.#out, 'close');
  }

  async #sampleOn(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await Promise.all(this.#ensemble.sids.map((sid) => this.#sample(sid)));
      await sleep(this.#ensemble.ours ? everyMs.ours : everyMs.others);
    }
  }

  async #sample(sid: number): Promise<void> {
    const atNs = this.#clock.nowNs();
    const look = await this.#ensemble.look(sid);
    const last = this.#last.get(sid);
    const changed = last?.role !== look.role;
    if (!changed && atNs - last.atNs < repeatMs * 1e6) return;
    const sample = { atNs, sid, ...look };
    this.#last.set(sid, sample);
    this.#out.write(`${JSON.stringify(sample)}\n`);
    if (changed) this.#onChange(sample);
  }
}
