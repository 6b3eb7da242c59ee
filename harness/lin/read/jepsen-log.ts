import type { LinHistory } from '../history.ts';
import { nil } from '../values.ts';
import { ByteWindow } from './byte-window.ts';
import { CallFold, type EventType, type Vocabulary } from './call-fold.ts';
import { damaged } from './damaged.ts';
import { EdnError, EdnReader } from './edn.ts';

/** `… jepsen.util - 3	:invoke	:cas	[1 2]`: process, type, operation, value and what else Jepsen appends. */
export const logLine = /(?:^|\s)(\S+)\s+:(invoke|ok|fail|info)\s+(:\S+)(?:\s+(.*))?$/;

const newline = 10;

/** The operations in a log that Jepsen printed, as Porcupine's etcd logs are; other lines are passed over. */
export function readJepsenLog(path: string, words: Vocabulary): LinHistory {
  const fold = new CallFold(path, words);
  const edn = new EdnReader(fold.builder.values);
  let number = 0;
  for (const line of linesOf(path)) {
    number++;
    const [, process, type, name, value] = logLine.exec(line) ?? [];
    if (process === undefined || !/^\d+$/.test(process)) continue;
    const { values } = fold.builder;
    // A failed or unknown call says why there, in words that need not be EDN.
    const said = type === 'invoke' || type === 'ok' ? valueIn(value, edn, path, number) : nil;
    fold.event(type as EventType, Number(process), values.idOfText(name!), nil, said, number);
  }
  return fold.finish();
}

function valueIn(text: string | undefined, edn: EdnReader, path: string, line: number): number {
  if (text === undefined) return nil;
  const bytes = Buffer.from(text);
  edn.feed(bytes, 0, bytes.length, true);
  try {
    return edn.value();
  } catch (error) {
    if (error instanceof EdnError) throw damaged(path, line, `"${text}" is no value`);
    throw error;
  }
}

function* linesOf(path: string): Generator<string> {
  const window = ByteWindow.open(path);
  try {
    let from = 0;
    do {
      window.slide(from);
      from = 0;
      for (let to = window.bytes.indexOf(newline, from); to >= 0 && to < window.end; ) {
        yield textOf(window.bytes, from, to);
        from = to + 1;
        to = window.bytes.indexOf(newline, from);
      }
    } while (!window.last);
    if (from < window.end) yield textOf(window.bytes, from, window.end);
  } finally {
    window.close();
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
    .toString('utf8')
    .trimEnd();
}
