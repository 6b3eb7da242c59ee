import { callWords } from '../../harness/lin/explain/words.ts';
import type { LinHistory } from '../../harness/lin/history.ts';
import { callOf } from '../../harness/lin/partition.ts';

/** A history as lines, for a failing test. */
export function describeHistory(history: LinHistory): string {
  return Array.from(
    { length: history.length },
    (_, op) => `  ${history.invoked[op]}-${history.returned[op]}  ${callWords(callOf(history, op))}`,
  ).join('\n');
}
