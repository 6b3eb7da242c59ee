import type { Outcome } from '../../history/op.ts';
import { errors, outcomeOf } from '../errors.ts';

/** ZCLOSING: the C client gave up what was on its way when it closed. */
const closing = -116;

/** Codes that libraries make up themselves, for requests that a server may have carried out all the same. */
const madeUp: ReadonlySet<number> = new Set([
  closing,
  errors.SESSIONEXPIRED.code,
  errors.SESSIONMOVED.code,
  errors.AUTHFAILED.code,
]);

/** The outcome of a call that a library answered with this code: whatever need not come from a server decides nothing. */
export const outcomeTold = (code: number): Outcome => (madeUp.has(code) ? 'unknown' : outcomeOf(code));
