import type { AlertData } from '@signalbox/sdk';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import type { EventSchema } from '../model/normalise-settings.ts';

export interface CompiledSchema extends EventSchema {
  readonly validate: ValidateFunction;
}

/** More is not told; the first ones say what is wrong with the sender. */
const MAX_ERRORS = 3;

/** A pattern takes time linear in the text here. Ajv tells patterns apart by their text, and asks for Unicode, which RE2 always takes. */
const linear = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.test(text), toString: () => pattern };
  },
  { code: 'linear' },
);

/**
 * Compiles schemas (JSON Schema 2020-12). Nothing is fetched: a reference to another document is an error. Throws when one is no schema.
 */
export function compileSchemas(schemas: readonly EventSchema[]): readonly CompiledSchema[] {
  return schemas.map((schema) => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, code: { regExp: linear } });
    addFormats.default(ajv);
    return { ...schema, validate: ajv.compile(schema.schema) };
  });
}

/** What is wrong with the data of an event, by the names of fields and never with their values; undefined when it fits. */
export function checkEvent({ validate }: CompiledSchema, data: AlertData): string | undefined {
  if (validate(data)) return undefined;
  const errors = validate.errors ?? [];
  const told = errors
    .slice(0, MAX_ERRORS)
    .map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? 'does not fit'}`);
  const more = errors.length > MAX_ERRORS ? [`and ${errors.length - MAX_ERRORS} more`] : [];
  return [...told, ...more].join('; ');
}
