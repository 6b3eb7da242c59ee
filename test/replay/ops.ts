import { anyVersion, type Op, zxidOf } from '../../harness/history/op.ts';

/** An acknowledged write, of which only the time of its answer matters. */
export const anyWrite = (returnedNs: number): Op => ({
  ...{ session: 1, xid: 1, kind: 'setData', server: 1, phase: 'workload', outcome: 'ok', error: 0 },
  ...{ invokedNs: returnedNs, returnedNs, zxid: zxidOf(1, 1), path: '/x', value: 'v' },
  ...{ version: anyVersion, flags: 0, stat: null, result: null },
});
