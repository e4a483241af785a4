import type { Type as TypeBox, TSchema } from 'typebox';

/**
 * Builders of JSON Schema (2020-12) with TypeBox's names and static types (https://github.com/sinclairzx81/typebox). The types are the library's;
 * the few plain objects are made here, because loading the library's seven hundred modules would cost each thread of the hub some
 * 20 MB and 80 ms. What is not here is not needed so far; the library's own objects may be mixed in freely.
 *
 * @example
 * const config = Type.Object({ url: Type.String({ description: 'Where to post to.' }), retries: Type.Optional(Type.Integer()) });
 */
export const Type = {
  Object(properties: Record<string, Plain>, options: Plain = {}) {
    const required = Object.keys(properties).filter((name) => !isOptional(properties[name]!));
    return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options };
  },
  Optional: (schema: Plain) => Object.defineProperty({ ...schema }, OPTIONAL, { value: true }),
  String: (options: Plain = {}) => ({ type: 'string', ...options }),
  Integer: (options: Plain = {}) => ({ type: 'integer', ...options }),
  Number: (options: Plain = {}) => ({ type: 'number', ...options }),
  Boolean: (options: Plain = {}) => ({ type: 'boolean', ...options }),
  Array: (items: Plain, options: Plain = {}) => ({ type: 'array', items, ...options }),
  Record: (key: Plain, value: Plain, options: Plain = {}) => ({
    type: 'object',
    // Any key: a dot would leave out those with a line break, whose values nobody would check.
    patternProperties: { [typeof key.pattern === 'string' ? key.pattern : '^']: value },
    ...options,
  }),
  Enum: (values: readonly unknown[], options: Plain = {}) => ({ enum: [...values], ...options }),
  Union: (anyOf: readonly Plain[], options: Plain = {}) => ({ anyOf, ...options }),
  Literal: (value: unknown, options: Plain = {}) => ({ type: typeof value, const: value, ...options }),
  Unknown: (options: Plain = {}) => ({ ...options }),
  Unsafe: (schema: Plain) => ({ ...schema }),
} as unknown as Pick<
  typeof TypeBox,
  | 'Object'
  | 'Optional'
  | 'String'
  | 'Integer'
  | 'Number'
  | 'Boolean'
  | 'Array'
  | 'Record'
  | 'Enum'
  | 'Union'
  | 'Literal'
  | 'Unknown'
  | 'Unsafe'
>;

/** A schema as the plain object that it is. */
type Plain = TSchema & Readonly<Record<string, unknown>>;

/** TypeBox's own mark, so that its objects count as well. Not enumerable: it is no keyword of JSON Schema. */
const OPTIONAL = '~optional';

function isOptional(schema: Plain): boolean {
  return OPTIONAL in schema;
}
