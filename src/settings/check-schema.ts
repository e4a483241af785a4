import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { TSchema } from 'typebox';
import type { Finding } from './finding.ts';
import { prune } from './prune.ts';
import { EXPECTS } from './schema-fields.ts';
import { didYouMean } from './suggest.ts';
import { findingAt, pathOf, setAt, valueAt, type Tree } from './tree.ts';

// That the schemas are schemas is a test's concern and not each start's.
const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  useDefaults: true,
  verbose: true,
  validateSchema: false,
});
addFormats.default(ajv);

/** Kept by schema, because compiling costs far more than checking and a reload brings the same schemas. */
const compiled = new WeakMap<object, ValidateFunction>();

function compile(schema: TSchema): ValidateFunction {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
  return validate;
}

/**
 * Checks a value against a schema and fills in the schema's defaults; what does not fit is left out of the result. `at` is
 * where the value stands in the tree, for the positions. Messages are made of the schema, never of the value.
 */
export function checkSchema(
  schema: TSchema,
  value: unknown,
  tree: Tree,
  at: string,
): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const validate = compile(schema);
  const filled: unknown = structuredClone(value);
  // Texts from outside are texts even where a number is meant; each round turns at least one into what is expected.
  while (!validate(filled) && convertExternal(filled, validate.errors ?? [], tree, at)) continue;
  const errors = narrowChoices(validate.errors ?? []);
  const findings = errors.map((error) => toFinding(error, tree, at));
  return { value: findings.length === 0 ? filled : prune(validate, filled), findings };
}

function convertExternal(root: unknown, errors: readonly ErrorObject[], tree: Tree, at: string): boolean {
  return errors.some((error) => {
    if (error.keyword !== 'type' || !tree.external.has(at + error.instancePath)) return false;
    const text = valueAt(root, error.instancePath);
    const types = [error.params.type as string | string[]].flat();
    const value = typeof text === 'string' ? convertText(text, types) : undefined;
    return value !== undefined && setAt(root as Record<string, unknown>, pathOf(error.instancePath), value);
  });
}

function convertText(text: string, types: readonly string[]): number | boolean | undefined {
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  const numeric = types.includes('number') || (types.includes('integer') && /^[+-]?\d+$/.test(text));
  return numeric && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/**
 * A value that fits none of several alternatives gets one error per alternative. When only one of them has the right type,
 * its errors are what a person wants to read; otherwise only that none fits.
 */
function narrowChoices(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const dropped = new Set<ErrorObject>();
  for (const choice of errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')) {
    const below = errors.filter(
      (error) =>
        error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
        (error.instancePath === choice.instancePath ||
          error.instancePath.startsWith(`${choice.instancePath}/`)),
    );
    const branchOf = (error: ErrorObject) =>
      error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0]!;
    const branches = new Set(below.map(branchOf));
    for (const error of below) {
      const excludes = ['type', 'enum', 'const'].includes(error.keyword);
      if (excludes && error.instancePath === choice.instancePath) branches.delete(branchOf(error));
    }
    const [chosen] = branches;
    for (const error of below) if (branches.size !== 1 || branchOf(error) !== chosen) dropped.add(error);
    if (branches.size === 1) dropped.add(choice);
  }
  return errors.filter((error) => !dropped.has(error));
}

/** What a message is made of. */
interface SchemaShape {
  readonly [EXPECTS]?: string;
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly patternProperties?: object;
}

function toFinding(error: ErrorObject, tree: Tree, at: string): Finding {
  const pointer = at + error.instancePath;
  const schema = (error.parentSchema ?? {}) as SchemaShape;
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    return unknownKey(error, schema, tree, pointer);
  }
  if (error.keyword === 'required') {
    const key = error.params.missingProperty as string;
    return findingAt(
      tree,
      pointer,
      { code: 'missing_key', message: `the key "${key}" is missing`, hint: describeKey(schema, key) },
      'key',
    );
  }
  if (error.keyword === 'enum') {
    const allowed = (error.params.allowedValues as readonly unknown[]).map(String);
    const text = valueAt(tree.value, pointer);
    const hint =
      typeof text === 'string' && !tree.external.has(pointer) ? didYouMean(text, allowed) : undefined;
    return findingAt(tree, pointer, {
      code: 'wrong_value',
      message: `expected ${joinChoices(allowed)}`,
      hint,
    });
  }
  const code = ['type', 'anyOf', 'oneOf'].includes(error.keyword) ? 'wrong_type' : 'wrong_value';
  return findingAt(tree, pointer, { code, message: `expected ${expectation(error, schema)}` });
}

function unknownKey(error: ErrorObject, schema: SchemaShape, tree: Tree, pointer: string): Finding {
  const key = (error.params.additionalProperty ?? error.params.unevaluatedProperty) as string;
  const child = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (schema.patternProperties) {
    return findingAt(
      tree,
      child,
      { code: 'bad_id', message: `expected ${schema[EXPECTS] ?? 'another name'}` },
      'key',
    );
  }
  const known = Object.keys(schema.properties ?? {});
  const hint = didYouMean(key, known) ?? (known.length > 0 ? `known keys: ${known.join(', ')}` : undefined);
  return findingAt(
    tree,
    child,
    { code: 'unknown_key', message: `unknown key ${JSON.stringify(key)}`, hint },
    'key',
  );
}

function describeKey(schema: SchemaShape, key: string): string | undefined {
  const child = schema.properties?.[key];
  return child?.description?.replace(/\.$/, '');
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text (put it in quotes)',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
};

function expectation(error: ErrorObject, schema: SchemaShape): string {
  if (schema[EXPECTS] !== undefined) return schema[EXPECTS];
  const { params } = error;
  switch (error.keyword) {
    case 'type':
      return joinChoices([params.type as string | string[]].flat().map((type) => TYPE_WORDS[type] ?? type));
    case 'minimum':
      return `at least ${params.limit}`;
    case 'maximum':
      return `at most ${params.limit}`;
    case 'exclusiveMinimum':
      return `more than ${params.limit}`;
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return params.limit === 1 ? 'something that is not empty' : `at least ${params.limit} of them`;
    case 'format':
      return `a text of the format ${params.format}`;
    case 'anyOf':
    case 'oneOf':
      return 'one of the forms that the reference shows';
    default:
      return `something else: it ${error.message ?? 'does not fit'}`;
  }
}

function joinChoices(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
