import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from 'yaml';
import type { Place } from './model.ts';

/** A YAML value with the line it stands on; aliases and merge keys are followed. */
export type Tree =
  | { kind: 'map'; place: Place; entries: ReadonlyMap<string, Tree> }
  | { kind: 'list'; place: Place; items: readonly Tree[] }
  | { kind: 'word'; place: Place; text: string; words: readonly { text: string; place: Place }[] };

export interface YamlFile {
  documents: Tree[];
  /** The first mistake in the file, with its line. */
  mistake?: string;
}

/** Reads all documents of a file. Never throws: a mistake is part of the answer. */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if (!Array.isArray(parsed)) return { documents: [] };
  const errors = parsed.flatMap((document) => document.errors);
  if (errors[0] !== undefined) {
    const { line } = lines.linePos(errors[0].pos[0]);
    return { documents: [], mistake: `line ${line}: ${errors[0].message}` };
  }
  const documents = parsed.flatMap((document) =>
    document.contents === null ? [] : [new Reader(file, text, lines, document).tree(document.contents)],
  );
  return { documents };
}

class Reader {
  readonly #file: string;
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #document: Document.Parsed;
  /** Each node is read once, however many aliases name it; one that holds itself is empty inside. */
  readonly #known = new Map<unknown, Tree>();

  constructor(file: string, text: string, lines: LineCounter, document: Document.Parsed) {
    this.#file = file;
    this.#text = text;
    this.#lines = lines;
    this.#document = document;
  }

  tree(node: unknown): Tree {
    const found = isAlias(node) ? node.resolve(this.#document) : (node as Node | null | undefined);
    const known = this.#known.get(found);
    if (known !== undefined) return known;
    const start = found?.range?.[0] ?? 0;
    const place = this.#placeAt(start);
    this.#known.set(found, { kind: 'word', place, text: '', words: [] });
    const tree = this.#read(found, start, place);
    this.#known.set(found, tree);
    return tree;
  }

  #read(found: Node | null | undefined, start: number, place: Place): Tree {
    if (isMap(found)) return { kind: 'map', place, entries: this.#entriesOf(found.items) };
    if (isSeq(found)) return { kind: 'list', place, items: found.items.map((item) => this.tree(item)) };
    if (!isScalar(found)) return { kind: 'word', place, text: '', words: [] };
    // Numbers and the like as they were written: 010 and 1e3 mean something else to whoever reads them.
    const text =
      found.value === null ? '' : typeof found.value === 'string' ? found.value : (found.source ?? '');
    return { kind: 'word', place, text, words: this.#wordsOf(text, start) };
  }

  #entriesOf(items: readonly { key: unknown; value: unknown }[]): Map<string, Tree> {
    const entries = new Map<string, Tree>();
    for (const { key, value } of items) {
      const name = this.tree(key);
      if (name.kind !== 'word' || name.text !== '<<') continue;
      const merged = this.tree(value);
      const maps = merged.kind === 'list' ? [...merged.items].reverse() : [merged];
      for (const map of maps)
        if (map.kind === 'map') for (const [own, tree] of map.entries) entries.set(own, tree);
    }
    for (const { key, value } of items) {
      const name = this.tree(key);
      if (name.kind !== 'word' || name.text === '<<') continue;
      const tree = this.tree(value);
      // A value on lines of its own is looked for where its key stands.
      entries.set(name.text, {
        ...tree,
        place: tree.kind === 'word' && tree.text !== '' ? tree.place : name.place,
      });
    }
    return entries;
  }

  /** The words of a text that may span lines, each found again in the file. */
  #wordsOf(text: string, start: number): { text: string; place: Place }[] {
    let from = start;
    return text.split(/\s+/).flatMap((word) => {
      if (word === '') return [];
      const at = this.#text.indexOf(word, from);
      if (at >= 0) from = at + word.length;
      return [{ text: word, place: this.#placeAt(at >= 0 ? at : start) }];
    });
  }

  #placeAt(offset: number): Place {
    return { file: this.#file, line: this.#lines.linePos(offset).line };
  }
}

/** What stands under these keys; undefined where one of them is not there. */
export function under(tree: Tree | undefined, ...keys: string[]): Tree | undefined {
  return keys.reduce((at, key) => (at?.kind === 'map' ? at.entries.get(key) : undefined), tree);
}

export const textOf = (tree: Tree | undefined) => (tree?.kind === 'word' ? tree.text : undefined);
export const itemsOf = (tree: Tree | undefined): readonly Tree[] => (tree?.kind === 'list' ? tree.items : []);
export const entriesOf = (tree: Tree | undefined): [string, Tree][] =>
  tree?.kind === 'map' ? [...tree.entries] : [];

/** Every text below, for what may be one word or a list of words. */
export function textsOf(tree: Tree | undefined): string[] {
  if (tree === undefined) return [];
  if (tree.kind === 'word') return [tree.text];
  return (tree.kind === 'list' ? tree.items : [...tree.entries.values()]).flatMap(textsOf);
}
