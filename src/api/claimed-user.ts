import type { FastifyRequest } from 'fastify';

const UNNAMED = 'api';
const MAX_NAME = 128;

/**
 * Who asks, as they say themselves: `by` of the body, else the header `X-Signalbox-User`. Recorded as claimed; it proves nothing until the hub
 * knows its users.
 */
export function claimedUser(request: FastifyRequest, by: string | undefined): string {
  const header = request.headers['x-signalbox-user'];
  const named = by ?? (typeof header === 'string' ? header.trim().slice(0, MAX_NAME) : '');
  return named === '' ? UNNAMED : named;
}
