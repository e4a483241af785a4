import { createRequire } from 'node:module';
import type { default as AddFormats } from 'ajv-formats';
import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js';
import type { Static, TObject } from 'typebox';
import { SECRET } from './config.ts';

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** The field: `url`, `headers.x-team`, `targets[2].port`; empty for the configuration itself. */
  readonly path: string;
  /** What is wrong, for people. Never the value, which may be a secret. */
  readonly message: string;
}

export type ValidatedConfig<S extends TObject> =
  | { readonly ok: true; readonly config: Static<S> }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/**
 * Checks a connector's configuration against its schema and fills in the defaults of a copy. Types are never coerced, an unknown field is
 * a problem unless the schema allows it, and all problems come at once.
 *
 * @example
 * validateConfig(Type.Object({ url: Type.String({ format: 'uri' }) }), { uri: 'x' });
 * // { ok: false, problems: [{ path: 'url', message: 'is required' }, { path: 'uri', message: 'is not a known field' }] }
 */
export function validateConfig<S extends TObject>(schema: S, config: unknown): ValidatedConfig<S> {
  const validate = compiled.get(schema) ?? compile(schema);
  const copy: unknown = structuredClone(config);
  if (validate(copy)) return { ok: true, config: copy as Static<S> };
  const problems = (validate.errors ?? []).map(toProblem);
  const seen = new Set<string>();
  return {
    ok: false,
    problems: problems.filter(
      ({ path, message }) => !seen.has(`${path} ${message}`) && seen.add(`${path} ${message}`),
    ),
  };
}

const compiled = new WeakMap<TObject, ReturnType<Ajv2020['compile']>>();

/** One for all: an instance of its own for each schema would take as long as all of them together. */
let shared: Ajv2020 | undefined;

function compile(schema: TObject) {
  shared ??= createAjv();
  const closed = closedSchema(schema);
  const validate = shared.compile(closed);
  // Kept here, by the schema as the connector has it.
  shared.removeSchema(closed);
  compiled.set(schema, validate);
  return validate;
}

/** Loaded when it is first needed: the hub checks configurations by itself, so most threads never do this. */
function createAjv(): Ajv2020 {
  const require = createRequire(import.meta.url);
  const { Ajv2020: Validator } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const addFormats = (require('ajv-formats') as { default: typeof AddFormats.default }).default;
  // Whether a schema is one is asked by the conformance kit, and not at every start.
  const ajv = new Validator({
    allErrors: true,
    useDefaults: true,
    coerceTypes: false,
    strict: true,
    validateSchema: false,
  });
  addFormats(ajv);
  ajv.addKeyword({ keyword: SECRET, schemaType: 'boolean' });
  return ajv;
}

/** What is wrong with a schema of a configuration; undefined when it is one. For the conformance kit. */
export function schemaProblem(schema: TObject): string | undefined {
  const ajv = createAjv();
  return ajv.validateSchema(schema) ? undefined : ajv.errorsText(ajv.errors);
}

/** The schema by which a configuration is checked: it refuses fields that it does not list, at every depth, unless it says what else may come. */
export function closedSchema(schema: TObject): TObject {
  return close(schema) as TObject;
}

/** Refuses unknown fields wherever the schema lists its fields and does not say what else may come. */
function close(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(close);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, DATA.has(key) ? value : close(value)]),
  );
  const listed = 'properties' in copy || 'patternProperties' in copy;
  const open = 'additionalProperties' in copy || 'allOf' in copy;
  if (copy['type'] === 'object' && listed && !open) copy['additionalProperties'] = false;
  return copy;
}

/** Keywords whose values are data, not schemas. */
const DATA = new Set(['default', 'examples', 'const', 'enum']);

function toProblem(error: ErrorObject): ConfigProblem {
  const parameters = error.params as Readonly<Record<string, unknown>>;
  const at = (name: unknown) => toPath(`${error.instancePath}/${String(name)}`);
  switch (error.keyword) {
    case 'required':
      return { path: at(parameters['missingProperty']), message: 'is required' };
    case 'additionalProperties':
      return { path: at(parameters['additionalProperty']), message: 'is not a known field' };
    case 'enum':
      return {
        path: toPath(error.instancePath),
        message: `must be one of ${(parameters['allowedValues'] as unknown[]).join(', ')}`,
      };
    case 'format':
      return { path: toPath(error.instancePath), message: `must be a valid ${String(parameters['format'])}` };
    default:
      return { path: toPath(error.instancePath), message: error.message ?? 'is wrong' };
  }
}

/** `/targets/2/port` → `targets[2].port` */
function toPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    );
}
