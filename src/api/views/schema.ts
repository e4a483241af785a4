import { Type, type Static } from '@signalbox/sdk';
import type { TSchema, TUnsafe } from 'typebox';

/** A reference to a schema with an `$id`, so that the OpenAPI document names it instead of repeating it. */
export function ref<T extends TSchema & { $id?: string }>(schema: T): TUnsafe<Static<T>> {
  if (!schema.$id) throw new Error('Only schemas with an $id can be referenced.');
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` });
}

/** A time as RFC 3339 in UTC. */
export function timestamp(description: string) {
  return Type.String({ format: 'date-time', description, examples: ['2026-03-01T09:30:00.000Z'] });
}

/** Labels or annotations. */
export function stringMap(description: string, example: Readonly<Record<string, string>>) {
  return Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description,
    examples: [example],
  });
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(values: T, description: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description });
}

/** One page of a list. */
export function pageOf<T extends TSchema>(item: T) {
  const properties = {
    items: Type.Array(item, {
      description: 'Newest first. May be shorter than `limit` although more follows.',
    }),
    next: Type.Optional(
      Type.String({ description: 'Pass it as `cursor` for the next page. Absent on the last page.' }),
    ),
  };
  return Type.Object(properties, { description: 'One page of the list.' });
}

/** A filter of a list by one word, taken exactly. */
export function wordFilter(description: string) {
  return Type.Optional(Type.String({ minLength: 1, maxLength: 128, description }));
}

export const alertStatus = oneOf(['firing', 'resolved'], 'Whether the problem exists right now.');
export const priority = oneOf(
  ['critical', 'warning', 'info'],
  'Decides the order of deliveries, and whether a delivery of unknown outcome goes again.',
);
export const fingerprint = Type.String({
  pattern: '^[0-9a-f]{16}$',
  description: 'Identity of the alert inside its tenant, as in Alertmanager.',
  examples: ['5ef77f1f8a3ecfd7'],
});
export const tenantName = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'Who owns it.',
  examples: ['default'],
});
