export interface Property {
  key: string;
  value: string;
  /** Of its first line, from 1. */
  line: number;
}

/** The key ends at the first blank, "=" or ":" that no backslash precedes. */
const keyOf = /^((?:[^\s=:\\]|\\.)*)\s*[=:]?\s*(.*)$/s;

/**
 * Reads a file the way servers do (java.util.Properties.load): comments only at the start of a line, a backslash at its
 * end joins the next, values keep everything else, comments behind them too. Blanks around a value are cut off, as
 * QuorumPeerConfig.parseProperties does.
 */
export function readProperties(text: string): Property[] {
  const properties: Property[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    let logical = lines[index]!.trimStart();
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) continue;
    while (endsOpen(logical) && index + 1 < lines.length) {
      index += 1;
      logical = logical.slice(0, -1) + lines[index]!.trimStart();
    }
    const [, key, value] = keyOf.exec(logical)!;
    properties.push({ key: unescaped(key!), value: unescaped(value!).trim(), line: start + 1 });
  }
  return properties;
}

const endsOpen = (line: string) => /(?<!\\)(\\\\)*\\$/.test(line);

const special: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.)|$)/gs, (_, code?: string, char?: string) =>
    code === undefined
      ? char === undefined
        ? ''
        : (special[char] ?? char)
      : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
