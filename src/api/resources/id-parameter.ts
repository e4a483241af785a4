import { Type } from '@signalbox/sdk';

/** The id in the address of one thing; what it may hold is also safe to repeat in an answer. */
export const idParameter = Type.Object({
  id: Type.String({ pattern: '^[A-Za-z0-9._:-]{1,128}$', description: 'Its id.' }),
});

/** For routes that take no query parameters at all. */
export const noParameters = Type.Object({}, { additionalProperties: false });
