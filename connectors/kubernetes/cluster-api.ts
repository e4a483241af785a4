import { Fault, isFault, type HttpClient } from '@signalbox/sdk';
import type { Credentials } from './credentials.ts';
import { dig, listAt, numberAt, textAt } from './dig.ts';
import type { Kind } from './kinds.ts';

/** One page of a list. */
export interface Page {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  /** Where the next page begins; absent on the last. */
  readonly next?: string;
}

/** One line of a watch. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: unknown;
}

export interface ListOptions {
  /** Empty: the whole cluster. */
  readonly namespace: string;
  readonly fieldSelector?: string;
}

export interface WatchReader {
  readonly signal: AbortSignal;
  /** The cluster has accepted the watch. */
  onOpen(): void;
  onChange(change: Change): void;
}

/** The two reads that everything here is made of. https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export interface ClusterApi {
  list(kind: Kind, options: ListOptions & { readonly limit: number; readonly next?: string }): Promise<Page>;
  /** Resolves when the cluster ends the watch, as it does every few minutes. */
  watch(
    kind: Kind,
    options: ListOptions & { readonly resourceVersion: string; readonly timeoutSeconds: number },
    reader: WatchReader,
  ): Promise<void>;
}

/** The version that a list or watch goes on from is no longer there (HTTP 410): list again. */
export const EXPIRED = 410;

// A page of 500 pods with all their managed fields is some ten mebibytes.
const PAGE_BYTES = 67_108_864;
/** etcd takes objects of up to 1.5 MiB; JSON and managed fields make them longer. */
const LINE_BYTES = 8_388_608;
/** Bookmarks come about once a minute: a watch that is silent for longer hangs on a dead connection. */
const SILENCE_MS = 150_000;
const CHANGES = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'];

export function createClusterApi(
  http: HttpClient,
  credentials: Credentials,
  signal: AbortSignal,
): ClusterApi {
  async function call<T>(
    kind: Kind,
    options: ListOptions,
    run: (request: ApiRequest) => Promise<T>,
  ): Promise<T> {
    const { server, headers, tls } = await credentials.access(signal);
    const folder = kind.namespaced && options.namespace !== '' ? `/namespaces/${options.namespace}` : '';
    try {
      return await run({
        method: 'GET',
        url: `${server}/${kind.api}${folder}/${kind.plural}`,
        headers: { ...headers, accept: 'application/json' },
        ...(tls === undefined ? {} : { tls }),
      });
    } catch (error) {
      throw isFault(error) ? explain(error, kind, options.namespace, credentials) : error;
    }
  }

  return {
    list: (kind, options) =>
      call(kind, options, async (request) => {
        const answer = await http.request({
          ...request,
          headers: { ...request.headers, accept: acceptOf(kind, 'PartialObjectMetadataList') },
          query: {
            limit: String(options.limit),
            ...(options.next === undefined ? {} : { continue: options.next }),
            ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
          },
          answerBytes: PAGE_BYTES,
        });
        return readPage(kind, answer.json());
      }),
    watch: (kind, options, reader) =>
      call(kind, options, (request) =>
        http.readLines(
          {
            ...request,
            headers: { ...request.headers, accept: acceptOf(kind, 'PartialObjectMetadata') },
            query: {
              watch: 'true',
              allowWatchBookmarks: 'true',
              resourceVersion: options.resourceVersion,
              timeoutSeconds: String(options.timeoutSeconds),
              ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
            },
          },
          {
            signal: reader.signal,
            onOpen: () => reader.onOpen(),
            onLine: (line) => reader.onChange(readChange(kind, line)),
            lineBytes: LINE_BYTES,
            silenceMs: SILENCE_MS,
          },
        ),
      ),
  };
}

interface ApiRequest {
  readonly method: 'GET';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

function acceptOf(kind: Kind, as: string): string {
  return kind.metadataOnly ? `application/json;as=${as};g=meta.k8s.io;v=v1` : 'application/json';
}

function readPage(kind: Kind, body: unknown): Page {
  const resourceVersion = textAt(body, 'metadata', 'resourceVersion');
  if (resourceVersion === undefined || !Array.isArray(dig(body, 'items'))) {
    throw new Fault(
      'SB_REJECTED',
      `The cluster answered the list of ${kind.plural} with something that is none`,
    );
  }
  const next = textAt(body, 'metadata', 'continue');
  return { items: listAt(body, 'items'), resourceVersion, ...(next === undefined ? {} : { next }) };
}

function readChange(kind: Kind, line: string): Change {
  const change = parse(line);
  const type = textAt(change, 'type') ?? '';
  const object = dig(change, 'object');
  if (CHANGES.includes(type)) return { type: type as Change['type'], object };
  const status = type === 'ERROR' ? numberAt(object, 'code') : undefined;
  if (status === undefined) {
    throw new Fault(
      'SB_REJECTED',
      `The cluster sent a line in the watch of ${kind.plural} that is none of a watch`,
    );
  }
  const code = status === 429 ? 'SB_RATE_LIMITED' : status === EXPIRED ? 'SB_REJECTED' : 'SB_UNAVAILABLE';
  throw new Fault(code, `The cluster ended the watch of ${kind.plural} (${status})`, { status });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** Says what the account may not do, where the HTTP client can only say that it was refused. */
function explain(fault: Fault, kind: Kind, namespace: string, credentials: Credentials): Fault {
  if (fault.status === 401) credentials.refused();
  const where = namespace === '' ? '' : ` in ${namespace}`;
  const what =
    fault.status === 401
      ? 'The cluster does not know the credentials (401); renew the token or the certificate'
      : fault.status === 403
        ? `The account may not list and watch ${kind.plural}${where} (403); grant it by rbac.yaml, or leave out ${kind.name} in \`kinds\``
        : fault.status === 404
          ? `The cluster has no ${kind.plural} (404); is the address right, and the cluster not too old?`
          : undefined;
  if (what === undefined) return fault;
  return new Fault(fault.code, what, { status: fault.status ?? 0, cause: fault });
}
