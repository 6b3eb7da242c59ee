import { nil, type ValueTable } from '../values.ts';

/** Thrown when the bytes end within a form: read on and begin the form again. */
export const cutOff = new Error('the text ends within a form');

export class EdnError extends Error {
  override readonly name = 'EdnError';
}

const code = (char: string) => char.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const semicolon = code(';');
const colon = code(':');
const hash = code('#');
const underscore = code('_');
const minus = code('-');
const openVector = code('[');
const closeVector = code(']');
const openList = code('(');
const closeList = code(')');
const openMap = code('{');
const closeMap = code('}');
const newline = 10;

/** What a byte ends or begins: 1 white space (a comma is), 2 the end of an atom, 4 a digit. */
const space = 1;
const delimiter = 2;
const digit = 4;
const classes = new Uint8Array(256);
for (const char of ' \t\r\n\f,') classes[code(char)] = space | delimiter;
for (const char of '()[]{}";') classes[code(char)] = delimiter;
for (const char of '0123456789') classes[code(char)] = digit;

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', b: '\b', f: '\f' };

/**
 * Reads EDN (github.com/edn-format/edn) from bytes straight into a value table, without making strings. A keyword is its
 * text with the colon, a symbol its text; tags (`#inst`, a record's name) are skipped, their value is kept; lists are vectors.
 */
export class EdnReader {
  bytes: Uint8Array = new Uint8Array(0);
  pos = 0;
  end = 0;
  /** No bytes come after `end`. */
  last = true;
  line = 1;
  private readonly values: ValueTable;
  /** Ids of the collections being read, one stack for all levels. */
  private readonly stack: number[] = [];

  constructor(values: ValueTable) {
    this.values = values;
  }

  /** Bytes from `pos` to `end`; `last` says that nothing follows them. */
  feed(bytes: Uint8Array, pos: number, end: number, last: boolean): void {
    this.bytes = bytes;
    this.pos = pos;
    this.end = end;
    this.last = last;
  }

  /** The next byte that belongs to a form, without taking it; -1 at the end of the text. */
  next(): number {
    for (;;) {
      if (this.pos >= this.end) {
        if (!this.last) throw cutOff;
        return -1;
      }
      const byte = this.bytes[this.pos]!;
      if ((classes[byte]! & space) !== 0) {
        if (byte === newline) this.line++;
        this.pos++;
      } else if (byte === semicolon) {
        this.skipComment();
      } else if (byte === hash && this.byteAt(this.pos + 1) === underscore) {
        this.pos += 2;
        this.value();
      } else {
        return byte;
      }
    }
  }

  /** The id of the next form. */
  value(): number {
    const byte = this.next();
    if (byte === -1) throw this.wrong('the text ends where a value should be');
    if ((classes[byte]! & digit) !== 0) return this.number(1);
    switch (byte) {
      case quote:
        return this.string();
      case openVector:
        return this.collection('vector', closeVector);
      case openList:
        return this.collection('vector', closeList);
      case openMap:
        return this.collection('map', closeMap);
      case hash:
        return this.dispatch();
      case closeVector:
      case closeList:
      case closeMap:
        throw this.wrong(`a ${String.fromCharCode(byte)} where a value should be`);
      case backslash:
        this.pos++;
        return this.atom(this.pos - 1);
      case minus:
        if ((classes[this.byteAt(this.pos + 1)]! & digit) !== 0) {
          this.pos++;
          return this.number(-1);
        }
    }
    return this.atom(this.pos);
  }

  /** The form after `#`. */
  dispatch(): number {
    this.pos++;
    if (this.byteAt(this.pos) === openMap) return this.collection('set', closeMap);
    this.skipAtom();
    return this.value();
  }

  /** Where the atom at `pos` ends; `pos` moves there. */
  skipAtom(): number {
    let { pos } = this;
    while (pos < this.end && (classes[this.bytes[pos]!]! & delimiter) === 0) pos++;
    if (pos === this.end && !this.last) throw cutOff;
    this.pos = pos;
    return pos;
  }

  /** Skips a tag, up to the collection it stands before. */
  skipTag(): void {
    this.pos++;
    this.skipAtom();
  }

  wrong(reason: string): EdnError {
    return new EdnError(`line ${this.line}: ${reason}`);
  }

  private byteAt(pos: number): number {
    if (pos < this.end) return this.bytes[pos]!;
    if (!this.last) throw cutOff;
    return 0;
  }

  private skipComment(): void {
    while (this.byteAt(this.pos) !== newline && this.pos < this.end) this.pos++;
  }

  private number(sign: 1 | -1): number {
    const from = this.pos;
    let value = 0;
    let pos = from;
    while (pos < this.end && (classes[this.bytes[pos]!]! & digit) !== 0)
      value = value * 10 + this.bytes[pos++]! - 48;
    if (pos === this.end && !this.last) throw cutOff;
    const plain = pos === this.end || (classes[this.bytes[pos]!]! & delimiter) !== 0;
    if (plain && pos - from < 10) {
      this.pos = pos;
      return this.values.idOfInteger(sign * value);
    }
    const start = sign === -1 ? from - 1 : from;
    return this.longNumber(start, this.skipAtom());
  }

  private atom(from: number): number {
    const to = this.skipAtom();
    if (to === from) throw this.wrong(`an unexpected ${String.fromCharCode(this.bytes[from]!)}`);
    const { bytes } = this;
    if (bytes[from] !== colon && to - from <= 'false'.length) {
      if (isNil(bytes, from, to)) return nil;
      const word = this.textOf(from, to);
      if (word === 'true' || word === 'false') return this.values.idOfBoolean(word === 'true');
    }
    return this.values.idOfUtf8(bytes, from, to);
  }

  /** Beyond nine digits, with a fraction or an exponent; Clojure's suffixes N and M mean nothing here. A ratio stays text. */
  private longNumber(from: number, to: number): number {
    const text = this.textOf(from, to).replace(/[NM]$/, '');
    if (/^-?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(text)) return this.values.idOfNumber(text);
    return this.values.idOfText(text);
  }

  private textOf(from: number, to: number): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + from, to - from).toString('utf8');
  }

  private string(): number {
    const from = ++this.pos;
    for (let pos = from; ; pos++) {
      if (pos >= this.end) {
        if (!this.last) throw cutOff;
        throw this.wrong('a string without its end');
      }
      const byte = this.bytes[pos]!;
      if (byte === newline) this.line++;
      if (byte === backslash) return this.escapedString(from);
      if (byte !== quote) continue;
      this.pos = pos + 1;
      return this.values.idOfUtf8(this.bytes, from, pos);
    }
  }

  private escapedString(from: number): number {
    let to = from;
    while (this.byteAt(to) !== quote) {
      if (to >= this.end) throw this.wrong('a string without its end');
      to += this.bytes[to] === backslash ? 2 : 1;
    }
    this.pos = to + 1;
    const text = Buffer.from(this.bytes.subarray(from, to)).toString('utf8');
    const plain = text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex, char) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      const meant = escapes[char];
      if (meant === undefined) throw this.wrong(`\\${char} in a string`);
      return meant;
    });
    return this.values.idOfText(plain);
  }

  private collection(kind: 'vector' | 'set' | 'map', close: number): number {
    this.pos++;
    const stack = this.stack;
    const base = stack.length;
    try {
      for (;;) {
        const byte = this.next();
        if (byte === -1) throw this.wrong(`a ${kind} without its end`);
        if (byte === close) break;
        stack.push(this.value());
      }
      if (kind === 'map' && (stack.length - base) % 2 === 1)
        throw this.wrong('a map with a key but no value');
      this.pos++;
      return this.values.idOfItems(kind, sortedItems(kind, stack.slice(base)));
    } finally {
      stack.length = base;
    }
  }
}

/** The id of the value that a whole text is; throws an EdnError. */
export function valueIn(text: string, values: ValueTable): number {
  const reader = new EdnReader(values);
  const bytes = Buffer.from(text);
  reader.feed(bytes, 0, bytes.length, true);
  const value = reader.value();
  if (reader.next() !== -1) throw new EdnError('more than one value');
  return value;
}

/** Every read is invoked with it: worth a look at the bytes. */
function isNil(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === 3 && bytes[from] === 110 && bytes[from + 1] === 105 && bytes[from + 2] === 108;
}

/** Sets and maps are equal whatever the order they are written in. */
function sortedItems(kind: 'vector' | 'set' | 'map', ids: number[]): number[] {
  if (kind === 'set') return ids.sort((a, b) => a - b);
  if (kind !== 'map') return ids;
  const entries: [number, number][] = [];
  for (let i = 0; i + 1 < ids.length; i += 2) entries.push([ids[i]!, ids[i + 1]!]);
  return entries.sort((a, b) => a[0] - b[0]).flat();
}
