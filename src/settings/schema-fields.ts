import { SECRET } from '@signalbox/sdk';
import { Type, type TObject } from '@signalbox/sdk';
import type { TArray, TProperties, TString, TUnion, TUnsafe } from 'typebox';
import { DURATION_PATTERN, SIZE_PATTERN } from './quantity.ts';

/** JSON Schema keywords of ours: what to say when a value does not fit, and what the reference calls the type. */
export const EXPECTS = 'x-expects';
export const TYPE_NAME = 'x-type';
/** The default in words, where it depends on something else. */
export const DEFAULT_TEXT = 'x-default';

export interface FieldOptions<T = unknown> {
  readonly description: string;
  readonly default?: T;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minProperties?: number;
  readonly maxLength?: number;
  readonly contentMediaType?: string;
  readonly [EXPECTS]?: string;
  readonly [TYPE_NAME]?: string;
  readonly [DEFAULT_TEXT]?: string;
  readonly [SECRET]?: boolean;
}

/** An object with exactly these keys. `default: {}` fills in what is left out, level by level. */
export function section<P extends TProperties>(properties: P, options: FieldOptions): TObject<P> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

export function text(options: FieldOptions): TString {
  return Type.String({ minLength: 1, ...options });
}

export function secretText(options: FieldOptions): TString {
  return text({ ...options, [SECRET]: true, [TYPE_NAME]: 'secret' });
}

export function duration(options: FieldOptions<string>): TString {
  return Type.String({
    pattern: DURATION_PATTERN,
    [EXPECTS]: 'a duration such as 30s, 5m, 1h30m or 1d',
    [TYPE_NAME]: 'duration',
    ...options,
  });
}

export function positiveDuration(options: FieldOptions<string>): TString {
  return duration({
    ...options,
    pattern: DURATION_PATTERN.replace('(?!$)', '(?!$)(?=.*[1-9])'),
    [EXPECTS]: 'a duration above zero such as 30s, 5m, 1h30m or 1d',
  });
}

export function size(options: FieldOptions<string>): TUnsafe<string | number> {
  const expects = {
    [EXPECTS]: 'a size such as 512KiB, 1MiB or a number of bytes',
    [TYPE_NAME]: 'size',
  };
  const anyOf = [
    { type: 'string', pattern: SIZE_PATTERN, ...expects },
    { type: 'integer', minimum: 0, ...expects },
  ];
  return Type.Unsafe<string | number>({ anyOf, ...expects, ...options });
}

/** One, or a list of them; the list may be empty only where nothing is the default. */
export function oneOrMore(
  item: (options: FieldOptions) => TString,
  options: FieldOptions,
): TUnion<[TString, TArray<TString>]> {
  const { default: fallback, examples: _, ...keywords } = options;
  const one: TString & { readonly [TYPE_NAME]?: string } = item(keywords);
  return Type.Union([one, Type.Array(one, { minItems: fallback === undefined ? 1 : 0 })], {
    [EXPECTS]: 'a text or a list of texts',
    ...options,
    [TYPE_NAME]: `${one[TYPE_NAME] ?? 'text'} or list`,
  });
}

export function choice<const T extends readonly string[]>(
  values: T,
  options: FieldOptions<T[number]>,
): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ enum: values, ...options });
}

export function listenAddress(options: FieldOptions<string>): TString {
  return Type.String({
    pattern: '^(?:\\[[0-9a-fA-F:.]+\\]|[^:\\s\\[\\]]*):[0-9]{1,5}$',
    [EXPECTS]: 'an address such as 127.0.0.1:8080, [::1]:8080 or :8080',
    [TYPE_NAME]: 'address',
    ...options,
  });
}

/** What integrations and tenants are called: it appears in paths and metric labels. */
export const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';
export const ID_EXPECTS =
  'an id of up to 64 letters, digits, "-", "_" and ".", starting with a letter or digit';
