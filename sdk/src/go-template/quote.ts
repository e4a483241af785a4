const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const NAMED: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** As `strconv.Quote`, for `%q`; with `onlyAscii` everything else is escaped too. */
export function quoteString(text: string, onlyAscii = false): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    const shown = PRINTABLE.test(char) && (!onlyAscii || code < 0x80);
    quoted += NAMED[char] ?? (shown ? char : escapeCode(code));
  }
  return `${quoted}"`;
}

function escapeCode(code: number): string {
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
