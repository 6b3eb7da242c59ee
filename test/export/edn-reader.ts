/**
 * As much of EDN (github.com/edn-format/edn) as a history needs, written for these tests alone: maps with keyword keys,
 * vectors, keywords, strings, integers, nil. Keywords become text with their colon, maps plain objects.
 */
export function readEdn(text: string): unknown {
  const tokens = text.match(/[{}[\]]|"(?:[^"\\]|\\.)*"|[^\s,{}[\]"]+/g) ?? [];
  let at = 0;
  const value = form();
  if (at !== tokens.length) throw new Error(`more than one form in ${text}`);
  return value;

  function form(): unknown {
    const token = tokens[at++];
    if (token === undefined) throw new Error(`the text ends too early: ${text}`);
    if (token === '{') return mapBody();
    if (token === '[') return vectorBody();
    if (token === 'nil') return null;
    if (token.startsWith('"')) return stringOf(token);
    if (token.startsWith(':')) return token;
    if (/^-?\d+$/.test(token)) return Number(token);
    throw new Error(`a token that is none: ${token}`);
  }

  function mapBody(): Record<string, unknown> {
    const items = bodyUntil('}');
    if (items.length % 2 !== 0) throw new Error('a key without a value');
    const map: Record<string, unknown> = {};
    for (let i = 0; i < items.length; i += 2) map[items[i] as string] = items[i + 1];
    return map;
  }

  function vectorBody(): unknown[] {
    return bodyUntil(']');
  }

  function bodyUntil(end: string): unknown[] {
    const items: unknown[] = [];
    while (tokens[at] !== end) items.push(form());
    at++;
    return items;
  }
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\' };

function stringOf(token: string): string {
  return token.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex, char) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const meant = escapes[char];
    if (meant === undefined) throw new Error(`\\${char} is no escape`);
    return meant;
  });
}
