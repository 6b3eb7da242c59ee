import type { LinHistory } from '../history.ts';
import { nil } from '../values.ts';
import { ByteWindow } from './byte-window.ts';
import { CallFold, type EventType, type Vocabulary } from './call-fold.ts';
import { damaged } from './damaged.ts';
import { cutOff, EdnError, EdnReader } from './edn.ts';

const code = (char: string) => char.charCodeAt(0);
const openMap = code('{');
const closeMap = code('}');
const hash = code('#');
const colon = code(':');
const brackets = new Set(['[', ']', '(', ')'].map(code));

/** Fields of an operation's map that are read; the value is irrelevant. */
const fields = ['process', 'type', 'f', 'value', 'key'] as const;
const types: readonly EventType[] = ['invoke', 'ok', 'fail', 'info'];

/**
 * A history as Jepsen and Knossos store it: maps with `:process :type :f :value`, one after another or in one vector,
 * as wide or long as they like. Porcupine's key-value files are the same with a `:key`. Calls of a process that is no
 * number (the nemesis) are left out.
 */
export function readJepsenEdn(path: string, words: Vocabulary): LinHistory {
  const window = ByteWindow.open(path);
  try {
    return new OperationReader(path, window, words).read();
  } finally {
    window.close();
  }
}

/** Later entries tend to be longer than the first, so the estimate is generous as it is. */
const roomForError = 1.02;

class OperationReader {
  private readonly path: string;
  private readonly window: ByteWindow;
  private readonly fold: CallFold;
  private readonly edn: EdnReader;
  private process = nil;
  private type: EventType | undefined;
  private name = nil;
  private key = nil;
  private value = nil;
  private reserved = false;

  constructor(path: string, window: ByteWindow, words: Vocabulary) {
    this.path = path;
    this.window = window;
    this.fold = new CallFold(path, words);
    this.edn = new EdnReader(this.fold.builder.values);
  }

  read(): LinHistory {
    const { edn } = this;
    const window = this.window;
    let [from, line] = [window.end, 1];
    for (let going = true; going; ) {
      window.slide(from);
      edn.feed(window.bytes, 0, window.end, window.last);
      edn.line = line;
      [from, line] = [0, edn.line];
      try {
        for (;;) {
          [from, line] = [edn.pos, edn.line];
          if (!this.operation()) break;
        }
        going = false;
      } catch (error) {
        if (error === cutOff) {
          this.reserve(from);
          continue;
        }
        if (error instanceof EdnError)
          throw damaged(this.path, edn.line, error.message.replace(/^line \d+: /, ''));
        throw error;
      }
    }
    return this.fold.finish();
  }

  /** After the first window, room for as many calls as the file has if it goes on like that. */
  private reserve(bytesRead: number): void {
    if (this.reserved || bytesRead === 0) return;
    this.reserved = true;
    const { builder } = this.fold;
    builder.reserve(Math.ceil(builder.length * (this.window.fileBytes / bytesRead) * roomForError));
  }

  /** Reads one map and takes it in; false at the end of the text. */
  private operation(): boolean {
    const { edn } = this;
    let byte = edn.next();
    // The vector around all operations, and a record's tag before each.
    while (brackets.has(byte)) {
      edn.pos++;
      byte = edn.next();
    }
    if (byte === -1) return false;
    if (byte === hash) {
      edn.skipTag();
      byte = edn.next();
    }
    if (byte !== openMap) throw edn.wrong('no map where an operation should be');
    const { line } = edn;
    edn.pos++;
    this.fieldsOfMap();
    const { values } = this.fold.builder;
    if (this.type === undefined) throw edn.wrong('an operation without :type');
    if (values.kindOf(this.process) !== 'integer') return true;
    if (this.name === nil) throw edn.wrong('an operation without :f');
    this.fold.event(this.type, values.valueOf(this.process) as number, this.name, this.key, this.value, line);
    return true;
  }

  private fieldsOfMap(): void {
    const { edn } = this;
    this.process = this.name = this.key = this.value = nil;
    this.type = undefined;
    for (let byte = edn.next(); byte !== closeMap; byte = edn.next()) {
      if (byte !== colon) throw edn.wrong('a field that is no keyword');
      const from = ++edn.pos;
      const field = this.fieldAt(from, edn.skipAtom());
      if (field === 'type') {
        this.type = this.typeAt();
      } else {
        const value = edn.value();
        if (field === 'process') this.process = value;
        else if (field === 'f') this.name = value;
        else if (field === 'key') this.key = value;
        else if (field === 'value') this.value = value;
      }
    }
    edn.pos++;
  }

  private fieldAt(from: number, to: number): (typeof fields)[number] | undefined {
    for (const field of fields) if (this.isWord(field, from, to)) return field;
    return undefined;
  }

  private typeAt(): EventType {
    const { edn } = this;
    if (edn.next() !== colon) throw edn.wrong(':type is no keyword');
    const from = ++edn.pos;
    const to = edn.skipAtom();
    for (const type of types) if (this.isWord(type, from, to)) return type;
    throw edn.wrong(':type is none of :invoke, :ok, :fail, :info');
  }

  private isWord(word: string, from: number, to: number): boolean {
    if (word.length !== to - from) return false;
    for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) !== this.edn.bytes[from + i]) return false;
    return true;
  }
}
