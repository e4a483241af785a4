/**
 * The values that templates see, with as much of Go's types as a template can tell apart: a whole number is a bigint and a
 * float a number, because `eq 1 1.0` is an error there and `printf "%d" 1.5` is not a number.
 */
export type GoValue =
  | null
  | string
  | bigint
  | number
  | boolean
  | GoList
  | GoMap
  | GoStruct
  | GoTime
  | GoDuration
  | GoSafe;

export interface GoList {
  readonly kind: 'list';
  /** Decides which methods it has: `template.Alerts`, `[]template.Alert`, `template.Pairs`, `template.Strings`, `[]string`, `[]interface {}`. */
  readonly type: string;
  readonly items: readonly GoValue[];
}

export interface GoMap {
  readonly kind: 'map';
  /** `template.KV` or `map[string]interface {}`. */
  readonly type: string;
  readonly entries: ReadonlyMap<string, GoValue>;
  /** What a missing key yields: `''` of a KV, nothing of a `dict`. */
  readonly zero: GoValue;
}

export interface GoStruct {
  readonly kind: 'struct';
  /** `template.Data`, `template.Alert` or `template.Pair`. */
  readonly type: string;
  readonly fields: ReadonlyMap<string, GoValue>;
}

export interface GoTime {
  readonly kind: 'time';
  /** Nanoseconds since the epoch. */
  readonly nanoseconds: bigint;
  /** IANA name, or `UTC`. */
  readonly zone: string;
}

export interface GoDuration {
  readonly kind: 'duration';
  readonly nanoseconds: bigint;
}

/** Text that vouches for itself: it is not escaped where it fits. */
export interface GoSafe {
  readonly kind: 'safe';
  readonly as: 'html' | 'url';
  readonly text: string;
}

/** Go's zero time, which stands for the end of an alert that fires. */
export const ZERO_TIME: GoTime = { kind: 'time', nanoseconds: -62_135_596_800_000_000_000n, zone: 'UTC' };

/** As `%T` prints it. */
export function typeOf(value: GoValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (value.kind === 'time') return 'time.Time';
  if (value.kind === 'duration') return 'time.Duration';
  if (value.kind === 'safe') return value.as === 'html' ? 'template.HTML' : 'template.URL';
  return value.type;
}

export type Kind = 'nil' | 'bool' | 'int' | 'float' | 'string' | 'list' | 'map' | 'struct';

/** What a value is under its type's name: a duration is a whole number, safe text is text. */
export function kindOf(value: GoValue): Kind {
  if (value === null) return 'nil';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'boolean') return 'bool';
  if (value.kind === 'time') return 'struct';
  if (value.kind === 'duration') return 'int';
  return value.kind === 'safe' ? 'string' : value.kind;
}

/** What `if`, `and` and `not` see: empty, zero and nothing are false. */
export function isTrue(value: GoValue): boolean {
  if (value === null) return false;
  if (typeof value === 'object') {
    if (value.kind === 'list') return value.items.length > 0;
    if (value.kind === 'map') return value.entries.size > 0;
    if (value.kind === 'safe') return value.text !== '';
    return value.kind === 'duration' ? value.nanoseconds !== 0n : true;
  }
  return Boolean(value);
}

export function strings(items: readonly string[], type = 'template.Strings'): GoList {
  return { kind: 'list', type, items };
}

/** The text that a value is; parameters and fields of this kind are never anything else. */
export function asText(value: GoValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Labels or annotations. */
export function keyValues(pairs: Readonly<Record<string, string>>): GoMap {
  return { kind: 'map', type: 'template.KV', entries: new Map(Object.entries(pairs)), zero: '' };
}

export function sortedKeys(map: GoMap): readonly string[] {
  return inGoOrder([...map.entries.keys()]);
}

const BEYOND_SURROGATES = /[\ud800-\uffff]/;

/** Go's order compares bytes of UTF-8 and not units of UTF-16; they differ only from the surrogates on. */
export function compareInGo(left: string, right: string): number {
  if (BEYOND_SURROGATES.test(left) || BEYOND_SURROGATES.test(right))
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Sorts in place. */
export function inGoOrder(names: string[]): readonly string[] {
  if (names.length < 2) return names;
  return names.some((name) => BEYOND_SURROGATES.test(name)) ? names.sort(compareInGo) : names.sort();
}

/** Pairs of a KV: `alertname` first, then by name. */
export function sortedPairs(map: GoMap): readonly (readonly [name: string, value: string])[] {
  const names = sortedKeys(map);
  const ordered = names.includes('alertname')
    ? ['alertname', ...names.filter((name) => name !== 'alertname')]
    : names;
  return ordered.map((name) => [name, asText(map.entries.get(name))]);
}
