import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import type { JournalEntry } from './journal-entry.ts';

type Unstamped<E> = E extends unknown ? Omit<E, 'atNs'> : never;
export type NewEntry = Unstamped<JournalEntry>;

/** Writes what is about to be done, on disk before it is done: a crash of the harness loses nothing of it. */
export class Journal {
  readonly #fd: number;
  readonly #clock: Clock;
  readonly #listen: (entry: JournalEntry) => void;

  constructor(path: string, clock: Clock, listen: (entry: JournalEntry) => void) {
    this.#fd = openSync(path, 'a');
    this.#clock = clock;
    this.#listen = listen;
  }

  write(entry: NewEntry): JournalEntry {
    const stamped = { atNs: this.#clock.nowNs(), ...entry } as JournalEntry;
    writeSync(this.#fd, `${JSON.stringify(stamped)}\n`);
    fsyncSync(this.#fd);
    this.#listen(stamped);
    return stamped;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
