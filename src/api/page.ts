import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from '@signalbox/sdk';
import type { Page, PageQuery } from '../store/reader.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

/** Query parameters of every list. */
export const pageParameters = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_LIMIT,
      default: DEFAULT_LIMIT,
      description: 'How many items at most.',
    }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1024, description: 'The `next` of the page before.' }),
  ),
};

/** The reader's query from the parameters, with the default limit filled in. */
export function pageQuery<T extends { limit?: number; cursor?: string }>(
  parameters: T,
): Omit<T, 'limit'> & PageQuery {
  return { ...parameters, limit: parameters.limit ?? DEFAULT_LIMIT };
}

/** Presents a page and links the next one (RFC 8288). */
export function answerPage<T, V>(
  request: FastifyRequest,
  reply: FastifyReply,
  page: Page<T>,
  present: (item: T) => V,
): { items: V[]; next?: string } {
  const items = page.items.map(present);
  if (page.next === undefined) return { items };
  reply.header('link', `<${nextAddress(request.url, page.next)}>; rel="next"`);
  return { items, next: page.next };
}

/** The same address with another cursor; relative, because a proxy may have changed the host. */
export function nextAddress(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters.toString()}`;
}
