import { GoFunctionError } from './error.ts';
import { formatFloat } from './number-text.ts';
import { textOf, valueText, type Spend } from './print.ts';
import { quoteString } from './quote.ts';
import { typeOf, type GoValue } from './value.ts';

/** Go prints nothing wider than this either. */
const MAX_WIDTH = 10_000;
const VERB = /%([-+# 0]*)(?:\[(\d+)\])?(\*|\d+)?(?:\.(?:\[(\d+)\])?(\*|\d*))?(?:\[(\d+)\])?(.)?/gsu;

interface Verb {
  readonly verb: string;
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/**
 * As `fmt.Sprintf` (https://pkg.go.dev/fmt): verbs v T s q d b o O x X c U e E f F g G t, flags, width, precision, `*` and argument
 * numbers. What does not fit is shown in the text, as in Go: `%!d(string=hi)`.
 */
export function printf(format: string, values: readonly GoValue[], spend: Spend): string {
  let at = 0;
  let isReordered = false;
  const take = (): GoValue | undefined => values[at++];
  const choose = (number: string | undefined): void => {
    if (number === undefined) return;
    isReordered = true;
    at = Number(number) - 1;
  };
  const measure = (written: string | undefined): number | undefined => {
    if (written === undefined) return undefined;
    const number = written === '*' ? Number(take() ?? 0) : Number(written);
    if (!(Math.abs(number) <= MAX_WIDTH)) {
      throw new GoFunctionError(`printf: expected a width of at most ${MAX_WIDTH}`);
    }
    return number;
  };
  const text = format.replace(
    VERB,
    (_all, flags: string, first, width, second, precision, third, verb: string | undefined) => {
      choose(first);
      const measured = measure(width);
      choose(second);
      const digits = measure(precision === '' ? '0' : precision);
      choose(third);
      if (verb === undefined) return '%!(NOVERB)';
      if (verb === '%') return '%';
      if (at < 0 || at >= values.length) return `%!${verb}(${isReordered ? 'BADINDEX' : 'MISSING'})`;
      const minus = flags.includes('-') || (measured ?? 0) < 0;
      return formatVerb(
        take()!,
        {
          verb,
          minus,
          plus: flags.includes('+'),
          sharp: flags.includes('#'),
          space: flags.includes(' '),
          zero: flags.includes('0') && !minus,
          width: measured === undefined ? undefined : Math.abs(measured),
          precision: digits,
        },
        spend,
      );
    },
  );
  if (isReordered || at >= values.length) return text;
  const extra = values.slice(at).map((value) => (value === null ? '<nil>' : describe(value, spend)));
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function describe(value: GoValue, spend: Spend): string {
  return `${typeOf(value)}=${valueText(value, spend)}`;
}

function formatVerb(value: GoValue, verb: Verb, spend: Spend): string {
  if (verb.verb === 'T') return pad(typeOf(value), verb);
  if (value === null) return verb.verb === 'v' ? pad('<nil>', verb) : `%!${verb.verb}(<nil>)`;
  const text = 'vsqxX'.includes(verb.verb) ? textOf(value) : undefined;
  if (text !== undefined) return pad(formatText(text, verb), verb);
  if (typeof value === 'object') {
    if (value.kind === 'duration') return formatVerb(value.nanoseconds, verb, spend);
    if (value.kind === 'list' && verb.verb !== 'v') {
      return `[${value.items.map((item) => formatVerb(item, verb, spend)).join(' ')}]`;
    }
  }
  if (verb.verb === 'v') {
    if (typeof value === 'number') return pad(signed(formatFloat(value, 'v', verb.precision), verb), verb);
    if (typeof value === 'bigint') return formatInteger(value, verb);
    return pad(valueText(value, spend, { named: verb.plus }), verb);
  }
  if (typeof value === 'bigint') return formatInteger(value, verb);
  if (typeof value === 'boolean' && verb.verb === 't') return pad(String(value), verb);
  if (typeof value === 'number' && 'eEfFgG'.includes(verb.verb)) {
    const name = verb.verb === 'F' ? 'f' : verb.verb;
    return pad(signed(formatFloat(value, name, verb.precision), verb), verb);
  }
  return `%!${verb.verb}(${describe(value, spend)})`;
}

function formatText(text: string, { verb, precision, plus, space, sharp }: Verb): string {
  const cut = precision === undefined ? text : Array.from(text).slice(0, precision).join('');
  if (verb === 'q') return quoteString(cut, plus);
  if (verb !== 'x' && verb !== 'X') return cut;
  const bytes = [...Buffer.from(text)].slice(0, precision);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(space ? ' ' : '');
  const prefixed = sharp ? `0x${hex}` : hex;
  return verb === 'X' ? prefixed.toUpperCase() : prefixed;
}

function formatInteger(value: bigint, verb: Verb): string {
  if (verb.verb === 'c') return pad(codePoint(value), verb);
  if (verb.verb === 'q') return pad(`'${codePoint(value)}'`, verb);
  if (verb.verb === 'U') return pad(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, verb);
  const radix = RADIX[verb.verb];
  if (radix === undefined) return `%!${verb.verb}(int=${value})`;
  const digits = (value < 0n ? -value : value).toString(radix);
  const cased = verb.verb === 'X' ? digits.toUpperCase() : digits;
  const prefix = verb.verb === 'O' ? '0o' : verb.sharp ? (PREFIX[verb.verb] ?? '') : '';
  const sign = value < 0n ? '-' : '';
  return pad(signed(sign + prefix + cased.padStart(verb.precision ?? 0, '0'), verb), {
    ...verb,
    zero: verb.zero && verb.precision === undefined,
  });
}

const RADIX: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const PREFIX: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

function codePoint(value: bigint): string {
  return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : '\ufffd';
}

function signed(text: string, { plus, space }: Verb): string {
  if (/^[-+]/.test(text)) return plus || text.startsWith('-') ? text : text.slice(1);
  return plus ? `+${text}` : space ? ` ${text}` : text;
}

/** Widths count characters, not bytes. */
function pad(text: string, { width, minus, zero }: Verb): string {
  const missing = (width ?? 0) - Array.from(text).length;
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  if (!zero) return ' '.repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
