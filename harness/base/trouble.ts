/**
 * What the user or the machine got wrong: the thing, why it is wrong, and what to do about it.
 * Printed as one line without a stack trace. Our own mistakes are plain errors; ZooKeeper's are findings.
 */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  /** 2 for bad usage, 3 for a machine or set-up that cannot do what was asked. */
  readonly exit: 2 | 3;

  constructor(thing: string, reason: string, remedy: string, options?: { cause?: unknown; exit?: 2 | 3 }) {
    super(`${thing}: ${reason}; ${remedy}`, options);
    this.exit = options?.exit ?? 3;
  }
}

export function usage(thing: string, reason: string, remedy: string, cause?: unknown): Trouble {
  return new Trouble(thing, reason, remedy, { exit: 2, cause });
}

/** The message of anything that was thrown, for a sentence that goes on. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
