/**
 * Go's quoted strings, because Alertmanager's matcher syntax and its route keys are made of them
 * (https://pkg.go.dev/strconv#Quote, https://go.dev/ref/spec#String_literals).
 */

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const NAMED_ESCAPES = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);
const NAMED_BYTES = new Map([...NAMED_ESCAPES].map(([char, escape]) => [escape[1]!, char.charCodeAt(0)]));

/** As `strconv.Quote`: double quotes around it, everything that does not print escaped. */
export function quoteGo(text: string): string {
  let quoted = '"';
  for (const char of text) {
    quoted +=
      NAMED_ESCAPES.get(char) ?? (PRINTABLE.test(char) ? char : escapeCodePoint(char.codePointAt(0)!));
  }
  return `${quoted}"`;
}

function escapeCodePoint(code: number): string {
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/**
 * The text of a double-quoted Go string, given without its quotes; undefined for an escape that Go does not know, a bare
 * newline, or bytes that are not UTF-8.
 */
export function unquoteGo(inner: string): string | undefined {
  const bytes: number[] = [];
  let at = 0;
  while (at < inner.length) {
    const char = String.fromCodePoint(inner.codePointAt(at)!);
    if (char === '\n' || char === '"') return undefined;
    if (char !== '\\') {
      bytes.push(...Buffer.from(char));
      at += char.length;
      continue;
    }
    const escape = readEscape(inner, at + 1);
    if (!escape) return undefined;
    bytes.push(...escape.bytes);
    at = escape.end;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** `\n`, `\x41`, `\101`, `\u0041` and `\U00000041`; hexadecimal and octal escapes stand for bytes, the others for characters. */
function readEscape(text: string, at: number): { bytes: Iterable<number>; end: number } | undefined {
  const named = NAMED_BYTES.get(text[at] ?? '');
  if (named !== undefined) return { bytes: [named], end: at + 1 };
  const found = /^(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(
    text.slice(at, at + 9),
  );
  if (!found) return undefined;
  const [all, hex, octal, short, long] = found;
  const end = at + all.length;
  if (hex !== undefined || octal !== undefined) {
    const byte = hex === undefined ? Number.parseInt(octal!, 8) : Number.parseInt(hex, 16);
    return byte > 0xff ? undefined : { bytes: [byte], end };
  }
  const code = Number.parseInt((short ?? long)!, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
  return { bytes: Buffer.from(String.fromCodePoint(code)), end };
}
