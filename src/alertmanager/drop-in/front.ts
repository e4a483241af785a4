import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Services } from '../../api/services.ts';

export interface FrontOptions {
  /** `/` or `/am`. */
  readonly prefix: string;
  /** Most GET requests to `/api/v2` at once. */
  readonly maxGets: number;
  readonly needsCertificate: boolean;
  /** Takes the file up anew; resolves with what is wrong with it. */
  readonly reload: () => Promise<string | undefined>;
  /** Text exposition of Alertmanager's own metrics. */
  readonly metrics: () => string;
}

/** Stands before the hub's own answers. */
export interface Front {
  /** Answers what is Alertmanager's own; otherwise false, and the request has an address without the prefix. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * Alertmanager's addresses beside its API (https://prometheus.io/docs/alerting/latest/management_api/), below the prefix. Whoever reaches
 * the listener may use them, as there.
 */
export function createFront(services: Services, options: FrontOptions): Front {
  const { prefix, maxGets, reload } = options;
  let gets = 0;

  const pages: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
    '/': { GET: (_request, response) => say(response, 200, ROOT_PAGE, 'text/html; charset=utf-8') },
    '/-/healthy': { GET: (_request, response) => say(response, 200, 'OK') },
    '/-/ready': { GET: answerReady },
    '/-/reload': { POST: answerReload },
    '/metrics': { GET: answerMetrics },
  };

  async function answerReady(_request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts = await services.readiness();
    // What is still being caught up with is told later; alerts are taken already.
    const missing = parts.filter(({ part, ready, required }) => required && !ready && part !== 'pipeline');
    if (missing.length === 0) say(response, 200, 'OK');
    else say(response, 503, `${missing.map(({ part, detail }) => `${part}: ${detail}`).join('\n')}\n`);
  }

  async function answerReload(_request: IncomingMessage, response: ServerResponse): Promise<void> {
    const problem = await reload();
    if (problem === undefined) say(response, 200, '');
    else say(response, 500, `failed to reload config: ${problem}\n`);
  }

  async function answerMetrics(_request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await services.metrics()) + options.metrics();
    say(response, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
  }

  function answerPage(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    const page = Object.hasOwn(pages, path) ? pages[path]! : undefined;
    if (page === undefined) return false;
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const answer = Object.hasOwn(page, method) ? page[method]! : undefined;
    request.resume();
    if (answer === undefined) {
      response.setHeader('allow', Object.keys(page).join(', '));
      say(response, 405, 'Method Not Allowed\n');
    } else {
      void Promise.resolve(answer(request, response)).catch(() =>
        say(response, 500, 'Internal Server Error\n'),
      );
    }
    return true;
  }

  /** Only reading is limited: alerts must come in whatever else is asked. */
  function limitGets(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' || !path.startsWith('/api/v2/')) return false;
    if (gets >= maxGets) {
      say(response, 503, `Limit of concurrent GET requests reached (${maxGets}), try again later.\n`);
      return true;
    }
    gets++;
    response.once('close', () => gets--);
    return false;
  }

  return {
    take(request, response) {
      if (options.needsCertificate && !(request.socket as TLSSocket).authorized) {
        request.socket.destroy();
        return true;
      }
      const url = request.url ?? '/';
      const inside = withoutPrefix(url, prefix);
      if (inside === undefined) {
        request.resume();
        if (pathOf(url) === '/') {
          response.setHeader('location', prefix);
          say(response, 302, '');
        } else say(response, 404, '404 page not found\n');
        return true;
      }
      request.url = inside;
      const path = pathOf(inside);
      return answerPage(path, request, response) || limitGets(path, request, response);
    },
  };
}

const ROOT_PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Signalbox</title>
<p>Signalbox stands in for Alertmanager here. Its API is below <code>api/v2/</code>.</p>
</html>
`;

function say(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' });
  response.end(body);
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!;
}

/** `/am/-/ready` → `/-/ready`; undefined for what is not below the prefix. */
function withoutPrefix(url: string, prefix: string): string | undefined {
  if (prefix === '/') return url;
  if (!url.startsWith(prefix)) return undefined;
  const rest = url.slice(prefix.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : undefined;
}
