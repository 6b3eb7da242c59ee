import { ColumnHistory } from './columns.ts';
import type { History } from './history.ts';
import { type Op, opKinds, outcomes, phases } from './op.ts';

/** Ops as a history, without a file: for tests, generators and small tools. Row i is `ops[i]`. */
export function historyOf(ops: readonly Op[], { torn = false } = {}): History {
  const pathIds = new Map<string, number>();
  for (const op of ops) if (!pathIds.has(op.path)) pathIds.set(op.path, pathIds.size);
  const history = new ColumnHistory(ops.length, torn, [...pathIds.keys()], {
    value: (row) => ops[row]!.value,
    stat: (row) => ops[row]!.stat,
    result: (row) => ops[row]!.result,
  });
  ops.forEach((op, row) => {
    history.session[row] = op.session;
    history.xid[row] = op.xid;
    history.kind[row] = opKinds.indexOf(op.kind);
    history.server[row] = op.server;
    history.phase[row] = phases.indexOf(op.phase);
    history.outcome[row] = outcomes.indexOf(op.outcome);
    history.error[row] = op.error;
    history.invokedNs[row] = op.invokedNs;
    history.returnedNs[row] = op.returnedNs;
    history.zxid[row] = op.zxid;
    history.path[row] = pathIds.get(op.path)!;
    history.version[row] = op.version;
    history.flags[row] = op.flags;
    history.mzxid[row] = op.stat?.mzxid ?? 0;
    history.statVersion[row] = op.stat?.version ?? -1;
  });
  return history;
}
