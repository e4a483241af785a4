import type { NumberTerm } from './node.ts';

const MAX_INTEGER = 2n ** 63n;
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * The text of a quoted or raw Go string (https://go.dev/ref/spec#String_literals); undefined for an escape that Go does not know.
 * Bytes that are not UTF-8 become U+FFFD.
 */
export function readString(written: string): string | undefined {
  if (written.startsWith('`')) return written.slice(1, -1).replaceAll('\r', '');
  const quote = written[0]!;
  const bytes: number[] = [];
  const escape =
    /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|([^\\])/uy;
  const inner = written.slice(1, -1);
  while (escape.lastIndex < inner.length) {
    const found = escape.exec(inner);
    if (!found) return undefined;
    const [, named, hex, octal, short, long, plain] = found;
    if (named === "'" && quote === '"') return undefined;
    if (named === '"' && quote === "'") return undefined;
    if (plain !== undefined) bytes.push(...Buffer.from(plain));
    else if (named !== undefined) bytes.push(...Buffer.from(ESCAPES[named]!));
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else {
      const code = Number.parseInt((short ?? long)!, 16);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
      bytes.push(...Buffer.from(String.fromCodePoint(code)));
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** A number as Go writes it: decimal, `0x`, `0o`, `0b`, with `_` between digits; undefined when it is none or too large. */
export function readNumber(written: string): NumberTerm | undefined {
  const text = written.replaceAll('_', '');
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '');
  const hasRadix = /^0[xXoObB]/.test(digits);
  const writtenAsFloat = !hasRadix && /[.eE]/.test(digits);
  if (hasRadix || !writtenAsFloat) {
    // A leading zero means octal in Go.
    const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
    if (!/^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/.test(octal)) return undefined;
    const integer = BigInt(octal) * BigInt(sign);
    if (integer >= MAX_INTEGER || integer < -MAX_INTEGER) return undefined;
    return { kind: 'number', integer, float: Number(integer), writtenAsFloat: false };
  }
  const float = Number(digits) * sign;
  if (!Number.isFinite(float)) return undefined;
  const isWhole = Number.isInteger(float) && Math.abs(float) < 2 ** 63;
  return { kind: 'number', ...(isWhole ? { integer: BigInt(float) } : {}), float, writtenAsFloat };
}

/** A character is the number of its code point. */
export function readCharacter(written: string): NumberTerm | undefined {
  const text = readString(written);
  if (text === undefined || Array.from(text).length !== 1) return undefined;
  const code = text.codePointAt(0)!;
  return { kind: 'number', integer: BigInt(code), float: code, writtenAsFloat: false };
}
