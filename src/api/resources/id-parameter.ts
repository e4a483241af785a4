import { Type } from '@signalbox/sdk';

/** The id in the address of one thing; what it may hold is also safe to repeat in an answer. */
export const idParameter = Type.Object({
  id: Type.String({ pattern: '^[A-Za-z0-9._:-]{1,128}$', description: 'Its id.' }),
});

/** For routes that take no query parameters at all. */
export const noParameters = Type.Object({}, { additionalProperties: false });

/** Who asks, in the body of a request. */
export const byField = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'Who asks; recorded as claimed. Default: the header `X-Signalbox-User`, else `api`.',
  examples: ['kim'],
});
