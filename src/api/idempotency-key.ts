import type { FastifyRequest } from 'fastify';
import { IDEMPOTENCY_HEADER } from './alert-wishes.ts';
import { Problem } from './problem.ts';

/** What the caller calls the request, so that a repeat of it is known; undefined when it is not said. */
export function readIdempotencyKey({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers[IDEMPOTENCY_HEADER];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key))
    throw new Problem('invalid_parameter', 'An idempotency key has up to 128 visible ASCII characters.', {
      field: IDEMPOTENCY_HEADER,
    });
  return key;
}
