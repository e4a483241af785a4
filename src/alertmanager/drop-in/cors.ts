import type { IncomingMessage, ServerResponse } from 'node:http';
import { RE2JS } from 're2js';

/** How long a browser may remember what it asked beforehand. */
const REMEMBERED_SECONDS = 600;
const METHODS = new Set(['GET', 'POST', 'DELETE']);

/**
 * Lets pages of other origins use an address, where their origin is allowed (https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * @returns whether the request is answered, because it only asked whether it may.
 */
export type Cors = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Alertmanager's `--web.cors.origin`, since 0.34.2.
 *
 * @param pattern of whole origins, with scheme and port; an empty one allows none.
 * @returns undefined for a pattern that is not RE2.
 */
export function createCors(pattern: string): Cors | undefined {
  if (pattern === '') return () => false;
  let allowed: RE2JS;
  try {
    allowed = RE2JS.compile(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
  return (request, response) => {
    const { headers, method } = request;
    const asked = method === 'OPTIONS' ? headers['access-control-request-method'] : undefined;
    const fields = headers['access-control-request-headers'];
    const { origin } = headers;
    response.appendHeader('vary', 'Origin');
    const isAllowed = origin !== undefined && allowed.test(origin);
    if (isAllowed && (asked === undefined || METHODS.has(asked))) {
      response.setHeader('access-control-allow-origin', origin);
      // The hub's own guard against pages of other sites goes by these.
      delete headers.origin;
      delete headers['sec-fetch-site'];
      if (asked !== undefined) {
        response.setHeader('access-control-allow-methods', asked);
        if (fields !== undefined) response.setHeader('access-control-allow-headers', fields);
        response.setHeader('access-control-max-age', REMEMBERED_SECONDS);
      }
    }
    if (asked === undefined) return false;
    response.writeHead(204).end();
    return true;
  };
}
