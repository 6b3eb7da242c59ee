import { closeSync, openSync, writeSync } from 'node:fs';
import { eventOrder } from '../../harness/lin/event-order.ts';
import { valueWords } from '../../harness/lin/explain/words.ts';
import type { LinHistory } from '../../harness/lin/history.ts';
import { callOf } from '../../harness/lin/partition.ts';

const chunkLines = 10_000;

/** Writes a history as Jepsen EDN, an event a line, as `porcupine/read.go` and we read it. */
export function writeEdn(path: string, history: LinHistory): void {
  const file = openSync(path, 'wx');
  let lines: string[] = [];
  for (const event of eventOrder(history)) {
    lines.push(lineOf(history, event));
    if (lines.length < chunkLines) continue;
    writeSync(file, lines.join(''));
    lines = [];
  }
  writeSync(file, lines.join(''));
  closeSync(file);
}

function lineOf(history: LinHistory, event: number): string {
  const op = event < 0 ? ~event : event;
  const { f, input, output, outcome } = callOf(history, op);
  const value = event < 0 && f === 'read' ? output : input;
  const type = event < 0 ? outcome : 'invoke';
  return `{:process ${history.process[op]}, :type :${type}, :f :${f}, :value ${valueWords(value)}}\n`;
}
