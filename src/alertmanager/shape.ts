import { parseDuration } from '../settings/quantity.ts';
import type { Report } from '../settings/report.ts';
import { didYouMean } from '../settings/suggest.ts';
import type { PathPart } from '../settings/tree.ts';
import { parseGoDuration } from './go-duration.ts';
import {
  isNothing,
  isYamlList,
  isYamlMap,
  isYamlScalar,
  type YamlMap,
  type YamlScalar,
  type YamlValue,
} from './read-yaml.ts';

/** What a part of the file has to look like. The types of the values are in `config.ts`. */
export type Shape =
  /** A `pattern` has to have a value; other texts are empty without one. */
  | {
      readonly kind:
        | 'text'
        | 'pattern'
        | 'bool'
        | 'integer'
        | 'duration'
        | 'go-duration'
        | 'address'
        | 'secret'
        | 'any';
    }
  /** An address of the kinds http and https. A `secret` one may be `<secret>`, as Alertmanager's API shows it. */
  | { readonly kind: 'url'; readonly secret: boolean; readonly templated: boolean }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  | { readonly kind: 'section'; readonly fields: Fields }
  /** A text, or the section. */
  | { readonly kind: 'text-or-section'; readonly fields: Fields };

export type Fields = Readonly<Record<string, Shape>>;

/** What a field without a value means to those that read it. */
export type Decoded =
  | string
  | number
  | boolean
  | undefined
  | readonly Decoded[]
  | { readonly [key: string]: Decoded };

type Path = readonly PathPart[];

/**
 * Makes plain values of what was written, and reports everything that does not fit its field, with its place. What is left
 * out, or has no value, is undefined; a list's item without a value stays in its place.
 */
export function decode(shape: Shape, value: YamlValue | undefined, path: Path, report: Report): Decoded {
  if (value === undefined) return undefined;
  const refuse = (expected: string): undefined => {
    report.error(path, { code: 'wrong_type', message: `expected ${expected}` });
  };
  switch (shape.kind) {
    case 'list':
      if (isNothing(value)) return undefined;
      if (!isYamlList(value)) return refuse('a list');
      return value.map((item, index) => decode(shape.of, item, [...path, index], report));
    case 'map':
      if (isNothing(value)) return undefined;
      if (!isYamlMap(value)) return refuse('a map');
      return Object.fromEntries(
        [...value].map(([key, item]) => [key, decode(shape.of, item, [...path, key], report)]),
      );
    case 'section':
      if (isNothing(value)) return undefined;
      return isYamlMap(value) ? decodeFields(shape.fields, value, path, report) : refuse('a map');
    case 'text-or-section':
      return isYamlMap(value) ? decodeFields(shape.fields, value, path, report) : decodeText(value, refuse);
    case 'any':
      return plainValue(value);
    case 'pattern':
      return isNothing(value) ? refuse(EXPECTED.pattern) : decodeText(value, refuse);
    case 'text':
    case 'secret':
      return decodeText(value, refuse);
    default:
      if (!isYamlScalar(value)) return refuse(EXPECTED[shape.kind]);
      return isNothing(value) ? undefined : decodeScalar(shape, value, refuse);
  }
}

const EXPECTED: Readonly<Record<Exclude<Shape['kind'], 'list' | 'map' | 'section'>, string>> = {
  text: 'a text',
  secret: 'a text',
  pattern: 'a regular expression',
  bool: 'true or false',
  integer: 'a whole number',
  duration: 'a duration such as 30s, 5m, 1h30m or 1d',
  'go-duration': 'a duration such as 10s, 1.5m or 1h30m',
  address: 'a host and a port such as smtp.example.org:587',
  url: 'an address that begins with http:// or https://',
  choice: 'one of the known words',
  any: 'a value',
  'text-or-section': 'a text or a map',
};

function decodeFields(
  fields: Fields,
  map: YamlMap,
  path: Path,
  report: Report,
): { readonly [key: string]: Decoded } {
  const decoded: Record<string, Decoded> = {};
  for (const [key, value] of map) {
    if (!Object.hasOwn(fields, key)) {
      const message = `unknown key ${JSON.stringify(key)}`;
      const known = Object.keys(fields);
      const hint =
        didYouMean(key, known) ?? (known.length <= 12 ? `known keys: ${known.join(', ')}` : undefined);
      report.error([...path, key], { code: 'unknown_key', message, hint }, 'key');
      continue;
    }
    decoded[key] = decode(fields[key]!, value, [...path, key], report);
  }
  return decoded;
}

/** Numbers and booleans are texts where a text is wanted, as they were written. */
function decodeText(value: YamlValue, refuse: (expected: string) => undefined): string | undefined {
  return isYamlScalar(value) ? value.text : refuse('a text');
}

function decodeScalar(
  shape: Exclude<Shape, { kind: 'list' | 'map' | 'section' }>,
  { text, plain }: YamlScalar,
  refuse: (expected: string) => undefined,
): Decoded {
  switch (shape.kind) {
    case 'bool': {
      // YAML 1.1, which Alertmanager reads, has more words for them.
      if (plain && /^(?:y|yes|on|true)$/i.test(text)) return true;
      return plain && /^(?:n|no|off|false)$/i.test(text) ? false : refuse(EXPECTED.bool);
    }
    case 'integer': {
      const number = plain && /^[-+]?\d[\d_]*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
      return Number.isSafeInteger(number) ? number : refuse(EXPECTED.integer);
    }
    case 'duration':
      return parseDuration(text) === undefined ? refuse(EXPECTED.duration) : text;
    case 'go-duration':
      return parseGoDuration(text) === undefined ? refuse(EXPECTED['go-duration']) : text;
    case 'address':
      return text === '' || /^(?:\[[^\]]*\]|[^:[\]]*):[^:]+$/.test(text) ? text : refuse(EXPECTED.address);
    case 'choice':
      return shape.of.includes(text)
        ? text
        : refuse(`${shape.of.slice(0, -1).join(', ')} or ${shape.of.at(-1)}`);
    case 'url':
      if ((shape.secret || shape.templated) && text === '<secret>') return text;
      if (shape.templated && (text === '' || text.includes('{{'))) return text;
      return isWebAddress(text) ? text : refuse(EXPECTED.url);
    default:
      return text;
  }
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^/?#]/i.test(text) && URL.canParse(text);
}

/** For values that are handed on as they are, such as a webhook's payload. */
function plainValue(value: YamlValue): Decoded {
  if (isYamlList(value)) return value.map(plainValue);
  if (isYamlMap(value)) {
    return Object.fromEntries([...value].map(([key, item]) => [key, plainValue(item)]));
  }
  if (!value.plain) return value.text;
  if (isNothing(value)) return undefined;
  if (/^(?:true|false)$/i.test(value.text)) return value.text.toLowerCase() === 'true';
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value.text) ? Number(value.text) : value.text;
}
