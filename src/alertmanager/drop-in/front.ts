import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Services } from '../../api/services.ts';
import type { GetCounts } from '../metrics/exposition.ts';
import type { Cors } from './cors.ts';
import type { Gate, Refused } from '../web/gate.ts';

export interface FrontOptions {
  /** `/` or `/am`. */
  readonly prefix: string;
  /** Most GET requests to `/api/v2` at once. */
  readonly maxGets: number;
  readonly gate: Gate;
  readonly cors: Cors;
  /** Set on every answer. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** Takes the file up anew; resolves with what is wrong with it. */
  readonly reload: () => Promise<string | undefined>;
  /** Text exposition of all metrics. */
  readonly metrics: (gets: GetCounts) => Promise<string>;
}

/** Stands before the hub's own answers. */
export interface Front {
  /** Answers what is Alertmanager's own, and whoever may not come in; passes on the others, with an address without the prefix. */
  take(request: IncomingMessage, response: ServerResponse, pass: () => void): void;
  /** The same for a connection that is to become a stream. */
  takeUpgrade(request: IncomingMessage, socket: Duplex, pass: () => void): void;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * Alertmanager's addresses beside its API (https://prometheus.io/docs/alerting/latest/management_api/), below the prefix. Whoever reaches
 * the listener may use them, as there.
 */
export function createFront(services: Pick<Services, 'readiness'>, options: FrontOptions): Front {
  const { prefix, maxGets, reload, gate, cors, headers } = options;
  let gets = 0;
  let refusedGets = 0;

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
    const text = await options.metrics({ inFlight: gets, refused: refusedGets });
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
      refusedGets++;
      say(response, 503, `Limit of concurrent GET requests reached (${maxGets}), try again later.\n`);
      return true;
    }
    gets++;
    response.once('close', () => gets--);
    return false;
  }

  function takeAdmitted(request: IncomingMessage, response: ServerResponse, pass: () => void): void {
    const url = request.url ?? '/';
    const inside = withoutPrefix(url, prefix);
    if (inside === undefined) {
      request.resume();
      if (pathOf(url) === '/') {
        response.setHeader('location', prefix);
        say(response, 302, '');
      } else say(response, 404, '404 page not found\n');
      return;
    }
    request.url = inside;
    const path = pathOf(inside);
    if (path.startsWith('/api/v2/') && cors(request, response)) return;
    if (!answerPage(path, request, response) && !limitGets(path, request, response)) pass();
  }

  return {
    take(request, response, pass) {
      for (const [name, value] of Object.entries(headers())) response.setHeader(name, value);
      const admit = (refused: Refused | undefined): void => {
        if (refused === undefined) return takeAdmitted(request, response, pass);
        if (refused.kind === 'hang-up') return void request.socket.destroy();
        request.resume();
        for (const [name, value] of Object.entries(refused.headers)) response.setHeader(name, value);
        say(response, refused.status, refused.text);
      };
      const verdict = gate(request);
      if (verdict instanceof Promise) {
        verdict.then(admit).catch(() => say(response, 500, 'Internal Server Error\n'));
      } else admit(verdict);
    },
    takeUpgrade(request, socket, pass) {
      const admit = (refused: Refused | undefined): void => {
        const inside = withoutPrefix(request.url ?? '/', prefix);
        if (refused !== undefined || inside === undefined) {
          socket.destroy();
          return;
        }
        request.url = inside;
        pass();
      };
      void Promise.resolve(gate(request)).then(admit, () => socket.destroy());
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
