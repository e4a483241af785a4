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
    return (httpPart === 'body' ? bodies : parameters).compile(schema);
  };
}

function createAjv(options: Options): Ajv {
  const ajv = new Ajv({ useDefaults: true, removeAdditional: false, strict: false, ...options });
  addFormats.default(ajv);
  return ajv;
}
