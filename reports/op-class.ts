import { type OpKind, opKinds, outcomes, phases } from '../harness/history/op.ts';

/** What the charts and tables count an operation as. `sync` is with the reads: it changes nothing and waits for the leader. */
const classOfKind: Record<OpKind, 'read' | 'write' | 'other'> = {
  connect: 'other',
  close: 'other',
  expired: 'other',
  create: 'write',
  delete: 'write',
  exists: 'read',
  getData: 'read',
  setData: 'write',
  getChildren: 'read',
  sync: 'read',
  multi: 'write',
  getACL: 'read',
  setACL: 'write',
  addWatch: 'other',
  removeWatches: 'other',
  event: 'other',
  check: 'other',
};

/** By index into `opKinds`, as the history's `kind` column holds it. */
export const isWrite = opKinds.map((kind) => classOfKind[kind] === 'write');
export const isRead = opKinds.map((kind) => classOfKind[kind] === 'read');

/** Column values by name. */
export const outcomeIndex = Object.fromEntries(outcomes.map((name, i) => [name, i])) as Record<
  (typeof outcomes)[number],
  number
>;
export const phaseIndex = Object.fromEntries(phases.map((name, i) => [name, i])) as Record<
  (typeof phases)[number],
  number
>;
