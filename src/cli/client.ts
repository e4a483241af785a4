import { CommandError } from './command-error.ts';

/** A running hub, asked over its HTTP API. Every method throws a `CommandError` that says what to do. */
export interface HubClient {
  readonly url: string;
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  /** Follows the pages of a list until there are `limit` items. */
  list<T>(
    path: string,
    query: Query,
    limit: number,
  ): Promise<{ readonly items: readonly T[]; readonly more: boolean }>;
  /** Whether a hub is there at all. */
  answers(): Promise<boolean>;
}

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ClientOptions {
  /** Without a path. */
  readonly url: string;
  readonly token?: string | undefined;
}

const TIMEOUT_MS = 30_000;
const LIVE_TIMEOUT_MS = 2_000;
const PAGE = 500;

export function createClient({ url, token }: ClientOptions): HubClient {
  const base = url.replace(/\/+$/, '');

  async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    const headers = {
      accept: 'application/json',
      ...bearer(token),
      ...(init.headers as Record<string, string>),
    };
    const response = await reach(base, `${base}/api/v1${path}`, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw refusal(base, response.status, text, token !== undefined);
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new CommandError('failed', `what answers on ${base} is not a Signalbox hub; see --url`, {
        cause,
      });
    }
  }

  const get = <T>(path: string, query: Query = {}): Promise<T> => ask<T>(path + queryText(query));
  return {
    url: base,
    get,
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    async list<T>(path: string, query: Query, limit: number) {
      const items: T[] = [];
      let cursor: string | undefined;
      do {
        const page: { items: readonly T[]; next?: string } = await get(path, {
          ...query,
          limit: String(Math.min(PAGE, limit - items.length)),
          cursor,
        });
        items.push(...page.items);
        cursor = page.next;
      } while (cursor !== undefined && items.length < limit);
      return { items, more: cursor !== undefined };
    },
    async answers() {
      try {
        const response = await fetch(`${base}/livez`, { signal: AbortSignal.timeout(LIVE_TIMEOUT_MS) });
        return ((await response.json()) as { status?: unknown }).status === 'alive';
      } catch {
        // Nobody, or somebody else: not a hub either way.
        return false;
      }
    },
  };
}

/** Turns "nothing listens" and its like into a next step. */
export async function reach(base: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new CommandError('failed', `no hub answers on ${base}${reasonOf(cause)}. ${NEXT_STEP}`, { cause });
  }
}

const NEXT_STEP = 'Start it with "signalbox serve", or say where it is with --url or SIGNALBOX_URL.';

function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error && thrown.name === 'TimeoutError') return ' (it took too long)';
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (!(cause instanceof Error)) return '';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (code === 'ECONNREFUSED') return ' (connection refused)';
  return ` (${code || cause.message})`;
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function refusal(base: string, status: number, text: string, hasToken: boolean): CommandError {
  if (status === 401) {
    return new CommandError(
      'failed',
      hasToken
        ? `the hub on ${base} does not know this token; see server.api_tokens of its configuration`
        : `the hub on ${base} wants a token: --token or SIGNALBOX_TOKEN, one of server.api_tokens of its configuration`,
    );
  }
  return new CommandError('failed', problemText(text) ?? `the hub on ${base} answered ${status}`);
}

/** The words of RFC 9457 problem details, with the field and the id to find it in the log. */
export function problemText(text: string): string | undefined {
  try {
    const { detail, field, correlation_id: id } = JSON.parse(text) as Record<string, unknown>;
    if (typeof detail !== 'string') return undefined;
    const where = typeof field === 'string' ? ` (field ${field})` : '';
    return `${detail}${where}${typeof id === 'string' ? `\n  correlation id ${id}` : ''}`;
  } catch {
    return undefined;
  }
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of value === undefined ? [] : [value].flat()) parameters.append(name, one);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
