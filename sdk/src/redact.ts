import type { TSchema } from 'typebox';
import { SECRET } from './config.ts';

/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Shorter values can't be told from ordinary text, and nobody should call them secret. */
const SHORTEST_SECRET = 4;

interface SchemaNode {
  readonly [SECRET]?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
}

/**
 * Lists the values of all fields marked by `x-secret`, also within objects, maps, lists and alternatives, longest first.
 *
 * @example
 * secretValues(Type.Object({ token: secret({ description: '…' }) }), { token: 'xoxb-1' }); // ['xoxb-1']
 */
export function secretValues(schema: TSchema, config: unknown): readonly string[] {
  const found = new Set<string>();
  walk(schema, config, (value) => {
    for (const text of leaves(value)) found.add(text);
    return value;
  });
  return [...found].toSorted((a, b) => b.length - a.length);
}

/** A copy of a configuration for API answers and the browser: every secret that is set reads `[redacted]`. */
export function redactConfig<T>(schema: TSchema, config: T): T {
  return walk(schema, config, () => REDACTED) as T;
}

/**
 * Replaces every secret in a text, as it is and in the spellings in which it travels: percent-encoded, base64, escaped in JSON, and for a
 * secret address also its path. Values under four characters are left.
 *
 * @example
 * redactText('401 for Bearer xoxb-1', ['xoxb-1']); // '401 for Bearer [redacted]'
 */
export function redactText(text: string, secrets: readonly string[]): string {
  return createRedactor(secrets)(text);
}

/** `redactText` for many texts under the same secrets. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const spellings = [...new Set(secrets.flatMap(spell))]
    .filter((spelling) => spelling.length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.length - a.length);
  return (text) => spellings.reduce((rest, spelling) => rest.replaceAll(spelling, REDACTED), text);
}

function spell(secret: string): readonly string[] {
  const url = URL.parse(secret);
  const path =
    url && /^https?:$/.test(url.protocol) && url.pathname !== '/'
      ? [url.pathname + url.search, url.pathname]
      : [];
  const percent = secret.isWellFormed() ? [encodeURIComponent(secret)] : [];
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    ...path,
    ...percent,
    base64,
    base64.replace(/=+$/, ''),
    JSON.stringify(secret).slice(1, -1),
  ];
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [];
}

/** Copies `value` and puts `replace(value)` where the schema says secret. */
function walk(schema: SchemaNode, value: unknown, replace: (value: unknown) => unknown): unknown {
  if (value === undefined || value === null) return value;
  if (schema[SECRET] === true) return replace(value);
  for (const alternative of [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => list ?? [])) {
    value = walk(alternative, value, replace);
  }
  if (Array.isArray(value))
    return schema.items ? value.map((item) => walk(schema.items!, item, replace)) : value;
  if (typeof value !== 'object') return value;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value as object)) {
    const node = fieldSchema(schema, name);
    copy[name] = node ? walk(node, field, replace) : field;
  }
  return copy;
}

function fieldSchema(schema: SchemaNode, name: string): SchemaNode | undefined {
  const own =
    schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (own) return own;
  const mapped = Object.values(schema.patternProperties ?? {})[0];
  return (
    mapped ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined)
  );
}
