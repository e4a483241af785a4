/** A part of a native configuration before it is written: what is looked up elsewhere is still apart from plain texts. */
export type NativeValue =
  | string
  | number
  | boolean
  | SecretText
  | FileText
  | Verbatim
  | readonly NativeValue[]
  | NativeMap;

export interface NativeMap {
  readonly [key: string]: NativeValue;
}

/** A secret that stood in the file. */
export interface SecretText {
  readonly from: 'secret';
  /** For `${secret:NAME}`. */
  readonly name: string;
  readonly value: string;
}

/** A text that stands in a file of its own. */
export interface FileText {
  readonly from: 'file';
  readonly path: string;
}

/** A value of any shape that is written as it is: nothing in it is looked up. */
export interface Verbatim {
  readonly from: 'verbatim';
  readonly value: unknown;
}

/** The native configuration. The written form is `src/settings/schema.ts`. */
export interface NativeDocument {
  readonly integrations: Readonly<Record<string, NativeMap>>;
  readonly receivers: Readonly<Record<string, readonly NativeMap[]>>;
  readonly routes: NativeMap;
  readonly time_intervals?: NativeMap;
  readonly inhibit_rules?: readonly NativeMap[];
  readonly templates?: readonly string[];
}

/** `inline` writes secrets as they are; `reference` writes `${secret:NAME}`, for where others may look. */
export type SecretMode = 'inline' | 'reference';

/** Plain values for YAML or JSON; `${` in a text is escaped, because it would be looked up. */
export function plainValue(value: NativeValue, mode: SecretMode): unknown {
  if (typeof value === 'string') return escapeReferences(value);
  if (typeof value !== 'object') return value;
  if (isLookedUp(value)) {
    if (value.from === 'verbatim') return verbatim(value.value);
    if (value.from === 'file') return `\${file:${value.path}}`;
    return mode === 'inline' ? escapeReferences(value.value) : `\${secret:${value.name}}`;
  }
  if (isList(value)) return value.map((item) => plainValue(item, mode));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item, mode)]));
}

function verbatim(value: unknown): unknown {
  if (typeof value === 'string') return escapeReferences(value);
  if (Array.isArray(value)) return value.map(verbatim);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, verbatim(item)]));
}

/** All secrets that stand in a value, by name. */
export function secretNames(value: NativeValue): readonly string[] {
  if (typeof value !== 'object') return [];
  if (isLookedUp(value)) return value.from === 'secret' ? [value.name] : [];
  return (isList(value) ? value : Object.values(value)).flatMap(secretNames);
}

function isList(value: NativeValue): value is readonly NativeValue[] {
  return Array.isArray(value);
}

/** No setting is called `from` and is one of these words: senders of e-mail are addresses. */
function isLookedUp(value: object): value is SecretText | FileText | Verbatim {
  return 'from' in value && typeof value.from === 'string' && MARKS.includes(value.from);
}

const MARKS: readonly string[] = ['secret', 'file', 'verbatim'];

function escapeReferences(text: string): string {
  return text.replaceAll('${', () => '$${');
}
