/**
 * Text that may stand in an XML 1.0 document: characters outside its `Char` production (XML 1.0, 2.2) and lone
 * surrogates become a visible `\u{…}`. So does a carriage return, which a parser would turn into a line feed.
 * Markup is not escaped here: the builder does that.
 */
export function xmlText(text: string): string {
  let result = '';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    result += allowed(code) ? char : `\\u{${code.toString(16)}}`;
  }
  return result;
}

function allowed(code: number): boolean {
  if (code === 0x9 || code === 0xa) return true;
  if (code < 0x20) return false;
  if (code >= 0x7f && code <= 0x9f) return false; // allowed but discouraged: control characters that viewers choke on
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
}
