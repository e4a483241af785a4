import { isEqual, isLess } from './compare.ts';
import { GoFunctionError } from './error.ts';
import type { Functions } from './function.ts';
import { printf } from './printf.ts';
import { printLineText, printText } from './print.ts';
import { asText, isTrue, kindOf, typeOf, type GoValue } from './value.ts';

/**
 * Go's own functions (https://pkg.go.dev/text/template#hdr-Functions). `and` and `or` stand here for their names; the evaluator
 * runs them, because they stop at the first argument that decides. `call` is left out: data holds nothing that could be called.
 */
export const BUILTIN_FUNCTIONS: Functions = {
  and: { parameters: ['any'], rest: 'any', call: ([first]) => first ?? null },
  or: { parameters: ['any'], rest: 'any', call: ([first]) => first ?? null },
  not: { parameters: ['any'], call: ([value]) => !isTrue(value!) },
  eq: {
    parameters: ['any'],
    rest: 'any',
    call: ([first, ...others]) => {
      if (others.length === 0) throw new GoFunctionError('expected a second value to compare with');
      return others.some((other) => isEqual(first!, other));
    },
  },
  ne: { parameters: ['any', 'any'], call: ([left, right]) => !isEqual(left!, right!) },
  lt: { parameters: ['any', 'any'], call: ([left, right]) => isLess(left!, right!) },
  le: { parameters: ['any', 'any'], call: ([left, right]) => isAtMost(left!, right!) },
  gt: { parameters: ['any', 'any'], call: ([left, right]) => !isAtMost(left!, right!) },
  ge: { parameters: ['any', 'any'], call: ([left, right]) => !isLess(left!, right!) },
  len: { parameters: ['any'], call: ([value]) => BigInt(lengthOf(value!)) },
  index: { parameters: ['any'], rest: 'any', call: ([item, ...indexes]) => indexes.reduce(at, item!) },
  slice: { parameters: ['any'], rest: 'any', call: ([item, ...indexes]) => slice(item!, indexes) },
  print: { parameters: [], rest: 'any', call: (values, { spend }) => printText(values, spend) },
  println: { parameters: [], rest: 'any', call: (values, { spend }) => printLineText(values, spend) },
  printf: {
    parameters: ['string'],
    rest: 'any',
    call: ([format, ...values], { spend }) => printf(asText(format), values, spend),
  },
  html: { parameters: [], rest: 'any', call: (values, { spend }) => escapeHtml(joined(values, spend)) },
  js: { parameters: [], rest: 'any', call: (values, { spend }) => escapeScript(joined(values, spend)) },
  urlquery: { parameters: [], rest: 'any', call: (values, { spend }) => escapeQuery(joined(values, spend)) },
};

function isAtMost(left: GoValue, right: GoValue): boolean {
  return isLess(left, right) || isEqual(left, right);
}

/** Texts count bytes of UTF-8, as in Go. */
function lengthOf(value: GoValue): number {
  if (value === null) throw new GoFunctionError('nothing has no length');
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'object') {
    if (value.kind === 'safe') return Buffer.byteLength(value.text);
    if (value.kind === 'list') return value.items.length;
    if (value.kind === 'map') return value.entries.size;
  }
  throw new GoFunctionError(`a value of type ${typeOf(value)} has no length`);
}

function at(item: GoValue, index: GoValue): GoValue {
  if (item === null) throw new GoFunctionError('there is no value to take an item from');
  if (typeof item === 'object' && item.kind === 'map') {
    if (typeof index !== 'string') {
      throw new GoFunctionError(`keys are texts, not ${typeOf(index)}`);
    }
    return item.entries.has(index) ? item.entries.get(index)! : item.zero;
  }
  if (typeof item === 'object' && item.kind === 'list') {
    return item.items[position(index, item.items.length - 1)] ?? null;
  }
  if (typeof item === 'string') {
    const bytes = Buffer.from(item);
    return BigInt(bytes[position(index, bytes.length - 1)]!);
  }
  throw new GoFunctionError(`a value of type ${typeOf(item)} has no items`);
}

function position(index: GoValue, last: number): number {
  if (kindOf(index) !== 'int' || typeof index !== 'bigint') {
    throw new GoFunctionError(`positions are whole numbers, not ${typeOf(index)}`);
  }
  if (index < 0n || index > BigInt(last)) throw new GoFunctionError(`there is no position ${index}`);
  return Number(index);
}

/** Texts are cut at bytes; half a character becomes U+FFFD. */
function slice(item: GoValue, indexes: readonly GoValue[]): GoValue {
  if (indexes.length > 3) throw new GoFunctionError(`expected at most 3 positions, not ${indexes.length}`);
  const isList = item !== null && typeof item === 'object' && item.kind === 'list';
  if (typeof item !== 'string' && !isList) {
    throw new GoFunctionError(
      item === null ? 'there is no value to cut' : `a value of type ${typeOf(item)} can’t be cut`,
    );
  }
  if (typeof item === 'string' && indexes.length === 3) {
    throw new GoFunctionError('a text is cut at 2 positions at most');
  }
  const length = lengthOf(item);
  const [start = 0, end = length, limit = length] = indexes.map((index) => position(index, length));
  if (start > end) throw new GoFunctionError(`the position ${start} is behind ${end}`);
  if (end > limit) throw new GoFunctionError(`the position ${end} is behind ${limit}`);
  if (typeof item === 'string') return Buffer.from(item).subarray(start, end).toString('utf8');
  return { ...item, items: item.items.slice(start, end) };
}

function joined(values: readonly GoValue[], spend: () => void): string {
  return printText(values, spend);
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML_ENTITIES[character]!);
}

const SCRIPT_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

function escapeScript(text: string): string {
  return text.replace(
    /[\\'"<>&=]|[^\P{C}]|[\u2028\u2029]/gu,
    (character) =>
      SCRIPT_ESCAPES[character] ??
      `\\u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

/** As `url.QueryEscape`: a space is `+`. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
