import type { Outcome } from '../history/op.ts';

/**
 * What a code says about the operation it answers. `done`: applied. `refused`: definitely not applied. `indeterminate`: applied or
 * not, nobody knows. `sessionOver`: not applied, and the session will never work again.
 */
export type Meaning = 'done' | 'refused' | 'indeterminate' | 'sessionOver';

/**
 * ZooKeeper's errors (KeeperException.Code). A server that refuses a write does so in PrepRequestProcessor, before there
 * is a transaction, or logs an error transaction; both change nothing. The three inconsistencies and the two timeouts
 * say that the server itself lost track, so they are indeterminate.
 */
export const errors = {
  OK: { code: 0, means: 'done' },
  SYSTEMERROR: { code: -1, means: 'indeterminate' },
  /** In a failed multi: this part comes after the one that failed. */
  RUNTIMEINCONSISTENCY: { code: -2, means: 'indeterminate' },
  DATAINCONSISTENCY: { code: -3, means: 'indeterminate' },
  CONNECTIONLOSS: { code: -4, means: 'indeterminate' },
  /** A request the server cannot read, but also any exception after a transaction was applied (FinalRequestProcessor). */
  MARSHALLINGERROR: { code: -5, means: 'indeterminate' },
  UNIMPLEMENTED: { code: -6, means: 'refused' },
  OPERATIONTIMEOUT: { code: -7, means: 'indeterminate' },
  BADARGUMENTS: { code: -8, means: 'refused' },
  UNKNOWNSESSION: { code: -12, means: 'sessionOver' },
  NEWCONFIGNOQUORUM: { code: -13, means: 'refused' },
  RECONFIGINPROGRESS: { code: -14, means: 'refused' },
  APIERROR: { code: -100, means: 'refused' },
  NONODE: { code: -101, means: 'refused' },
  NOAUTH: { code: -102, means: 'refused' },
  BADVERSION: { code: -103, means: 'refused' },
  NOCHILDRENFOREPHEMERALS: { code: -108, means: 'refused' },
  NODEEXISTS: { code: -110, means: 'refused' },
  NOTEMPTY: { code: -111, means: 'refused' },
  SESSIONEXPIRED: { code: -112, means: 'sessionOver' },
  INVALIDCALLBACK: { code: -113, means: 'refused' },
  INVALIDACL: { code: -114, means: 'refused' },
  AUTHFAILED: { code: -115, means: 'refused' },
  /** The session lives on at another server; this connection is about to be closed. */
  SESSIONMOVED: { code: -118, means: 'refused' },
  NOTREADONLY: { code: -119, means: 'refused' },
  EPHEMERALONLOCALSESSION: { code: -120, means: 'refused' },
  NOWATCHER: { code: -121, means: 'refused' },
  REQUESTTIMEOUT: { code: -122, means: 'indeterminate' },
  RECONFIGDISABLED: { code: -123, means: 'refused' },
  SESSIONCLOSEDREQUIRESASLAUTH: { code: -124, means: 'sessionOver' },
  QUOTAEXCEEDED: { code: -125, means: 'refused' },
  THROTTLEDOP: { code: -127, means: 'refused' },
} as const satisfies Record<string, { code: number; means: Meaning }>;

type ErrorName = keyof typeof errors;

const byCode = new Map<number, ErrorName>();
for (const name of Object.keys(errors) as ErrorName[]) byCode.set(errors[name].code, name);

/** ZooKeeper's name of a code, or `error -999` for one that no version known here sends. */
export function errorName(code: number): string {
  return byCode.get(code) ?? `error ${code}`;
}

/** What a code in a reply means. A code nobody knows proves nothing, so it is indeterminate. */
export function meaningOf(code: number): Meaning {
  const name = byCode.get(code);
  return name === undefined ? 'indeterminate' : errors[name].means;
}

/** The outcome of an operation answered with this code. */
export function outcomeOf(code: number): Outcome {
  if (code === 0) return 'ok';
  return meaningOf(code) === 'indeterminate' ? 'unknown' : 'fail';
}
