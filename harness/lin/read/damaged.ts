import { Trouble } from '../../base/trouble.ts';

/** A file that is not what it should be; nothing can be said about the history. */
export function damaged(path: string, line: number, reason: string): Trouble {
  return new Trouble(
    `${path}: line ${line}`,
    reason,
    'give a whole history in Jepsen EDN, a Jepsen log or Arrow',
  );
}
