import { Ajv, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

/**
 * Parameters arrive as text and are converted; bodies are taken as they are. Nothing unknown is dropped in silence: Fastify's own
 * settings would remove it (`removeAdditional`). All findings are collected for parameters only, whose number the length
 * of an address bounds.
 */
export function compileValidators(): FastifySchemaCompiler<TSchema> {
  const parameters = createAjv({ coerceTypes: 'array', allErrors: true });
  const bodies = createAjv({ coerceTypes: false, allErrors: false });
  return ({ schema, httpPart }) => (httpPart === 'body' ? bodies : parameters).compile(schema);
}

function createAjv(options: Options): Ajv {
  const ajv = new Ajv({ useDefaults: true, removeAdditional: false, strict: false, ...options });
  addFormats.default(ajv);
  return ajv;
}
