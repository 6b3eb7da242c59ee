import { usage } from '../base/trouble.ts';
import type { Topology } from '../topology/topology.ts';

export interface JvmFlags {
  /** For every server. */
  all: string[];
  /** For one server, after those for all. */
  bySid: ReadonlyMap<number, string[]>;
}

/**
 * Reads the values of `--jvm-flags`: `-Xmx256m -Dx=y` for every server, `2:-Xmx64m` for server 2. Blanks separate
 * flags; quotes and backslashes work as in a shell. Throws a usage `Trouble` for what is no JVM flag.
 */
export function parseJvmFlags(values: readonly string[]): JvmFlags {
  const all: string[] = [];
  const bySid = new Map<number, string[]>();
  for (const value of values) {
    const own = /^\s*([1-9]\d*):(.*)$/s.exec(value);
    const flags = splitWords(own?.[2] ?? value, value);
    for (const flag of flags) checkFlag(flag, value);
    if (own === null) all.push(...flags);
    else bySid.set(Number(own[1]), [...(bySid.get(Number(own[1])) ?? []), ...flags]);
  }
  return { all, bySid };
}

/** The same topology with these flags after its own. Throws a usage `Trouble` for a server it does not have. */
export function withJvmFlags(topology: Topology, flags: JvmFlags): Topology {
  for (const sid of flags.bySid.keys()) {
    if (!topology.nodes.some((node) => node.sid === sid)) {
      const last = topology.nodes.length;
      throw usage(`--jvm-flags "${sid}:…"`, `there is no server ${sid}`, `use an id from 1 to ${last}`);
    }
  }
  const nodes = topology.nodes.map((node) => ({
    ...node,
    jvmFlags: [...node.jvmFlags, ...flags.all, ...(flags.bySid.get(node.sid) ?? [])],
  }));
  return { ...topology, nodes };
}

function checkFlag(flag: string, value: string): void {
  if (flag.startsWith('-') && flag.length > 1) return;
  const remedy = 'begin every flag with "-" and write its value in the same word, as in --add-opens=a/b=c';
  throw usage(`--jvm-flags "${value}"`, `"${flag}" is no JVM flag`, remedy);
}

/** Pieces of a word: 'as it is', "with \" inside", \\escaped, plain. */
const piece = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/sy;

function splitWords(text: string, value: string): string[] {
  const words: string[] = [];
  let inWord = false;
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      inWord = false;
      at += 1;
      continue;
    }
    piece.lastIndex = at;
    const match = piece.exec(text);
    if (match === null) throw usage(`--jvm-flags "${value}"`, `${text[at]} is left open`, 'close it');
    const plain = match[1] ?? match[2]?.replaceAll(/\\(["\\])/g, '$1') ?? match[3] ?? match[4] ?? '';
    if (inWord) words[words.length - 1] += plain;
    else words.push(plain);
    inWord = true;
    at = piece.lastIndex;
  }
  return words;
}
