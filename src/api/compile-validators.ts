import { Ajv, type AnySchema, type Options, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * Parameters arrive as text and are converted; bodies are taken as they are. Nothing unknown is dropped in silence: Fastify's own
 * settings would remove it (`removeAdditional`). All findings are collected for parameters only, whose number the length
 * of an address bounds.
 */
export function compileValidators(): (route: AnySchema) => ValidateFunction {
  const parameters = createAjv({ coerceTypes: 'array', allErrors: true });
  const bodies = createAjv({ coerceTypes: false, allErrors: false });
  return (route) => {
    // Fastify hands over the schema with its place, whatever the declared type says.
    const { schema, httpPart } = route as { schema: AnySchema; httpPart: string };
    return lazily(() => (httpPart === 'body' ? bodies : parameters).compile(schema));
  };
}

/** Compiled by the first request: most routes of most hubs are never asked, and compiling all of them takes memory and a good part of the start. */
function lazily(compile: () => ValidateFunction): ValidateFunction {
  let compiled: ValidateFunction | undefined;
  const validate = (data: unknown): boolean => {
    compiled ??= compile();
    const isValid = compiled(data);
    validate.errors = compiled.errors;
    return isValid;
  };
  validate.errors = undefined as ValidateFunction['errors'];
  return validate as ValidateFunction;
}

function createAjv(options: Options): Ajv {
  const ajv = new Ajv({
    useDefaults: true,
    removeAdditional: false,
    strict: false,
    // The description of the API is checked by a test.
    validateSchema: false,
    ...options,
  });
  addFormats.default(ajv);
  return ajv;
}
