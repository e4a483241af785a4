import {
  startFakeServer,
  type FakeAnswer,
  type FakeStream,
  type ReceivedRequest,
} from '@signalbox/sdk/testing';

export const FAKE_KUBERNETES_TOKEN = 'fake-0042-cluster-token';

export type FakeObject = Readonly<Record<string, unknown>> & {
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace?: string;
  };
};

export interface FakeKubernetes {
  readonly url: string;
  /** A kubeconfig in JSON that leads here. */
  readonly kubeconfig: string;
  readonly requests: readonly ReceivedRequest[];
  /** Makes or changes an object of a kind, e.g. `pods`; watches hear of it. Fills in uid and resourceVersion. */
  put(plural: string, object: FakeObject): void;
  remove(plural: string, namespace: string, name: string): void;
  /** Sends a bookmark to every watch. */
  bookmark(): void;
  /** Breaks off every watch in the middle. */
  cut(): void;
  /** Forgets what happened so far, as etcd does when it compacts: watches from before now are answered 410. */
  compact(): void;
  /** Sends a line into every watch of a kind. */
  say(plural: string, line: string): void;
  /** Answers requests of a kind with this status until it is taken back by 200; `*` for all kinds. */
  refuse(plural: string, status: number): void;
  /** Resolves when so many watches are open. */
  watches(count: number): Promise<void>;
  /** How many watches are open. */
  openWatches(): number;
  close(): Promise<void>;
}

interface Watch {
  readonly plural: string;
  readonly accepts: (object: FakeObject) => boolean;
  readonly stream: FakeStream;
}

interface Happened {
  readonly version: number;
  readonly plural: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: FakeObject;
}

/** `/api/v1/namespaces/shop/pods` and `/apis/apps/v1/deployments`. */
const PATH = /^\/(?:api\/v1|apis\/[a-z.]+\/v1)(?:\/namespaces\/([^/]+))?\/([a-z]+)$/;

/** JSON, or the metadata of objects alone as real servers understand it. */
const ACCEPTED = /^application\/json(;as=PartialObjectMetadata(List)?;g=meta\.k8s\.io;v=v1)?$/;

/**
 * A small API server: lists in pages, watches with bookmarks, 410 after a compaction, 401 without its token. Selectors: `metadata.name` and
 * `type`. https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export async function startFakeKubernetes(): Promise<FakeKubernetes> {
  const tables = new Map<string, Map<string, FakeObject>>();
  const happened: Happened[] = [];
  const open = new Set<Watch>();
  const refusals = new Map<string, number>();
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let version = 100;
  let oldest = 100;

  const tableOf = (plural: string) => tables.get(plural) ?? tables.set(plural, new Map()).get(plural)!;
  const keyOf = ({ metadata }: FakeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;

  function tell(type: Happened['type'], plural: string, object: FakeObject): void {
    happened.push({ version, plural, type, object });
    for (const watch of open) {
      if (watch.plural === plural && watch.accepts(object)) watch.stream.write(lineOf(type, object));
    }
  }

  function answer(request: ReceivedRequest): FakeAnswer {
    const [, namespace, plural] = PATH.exec(request.path) ?? [];
    if (plural === undefined) return failure(404, 'NotFound');
    if (request.headers['authorization'] !== `Bearer ${FAKE_KUBERNETES_TOKEN}`)
      return failure(401, 'Unauthorized');
    if (!ACCEPTED.test(request.headers['accept'] ?? '')) return failure(406, 'NotAcceptable');
    const refused = refusals.get(plural) ?? refusals.get('*');
    if (refused !== undefined) return failure(refused, 'Refused');
    const accepts = selector(request.query, namespace);
    return request.query['watch'] === 'true'
      ? openWatch(plural, Number(request.query['resourceVersion']), accepts)
      : list(plural, request.query, accepts);
  }

  function list(
    plural: string,
    query: Readonly<Record<string, string>>,
    accepts: Watch['accepts'],
  ): FakeAnswer {
    const objects = [...tableOf(plural).values()].filter(accepts);
    const limit = Number(query['limit'] ?? objects.length);
    const [from = 0, at = version] = (query['continue'] ?? '').split('@').filter(Boolean).map(Number);
    // A page of a list from before the compaction can't be had any more.
    if (at < oldest) return failure(410, 'Expired');
    const rest = objects.length - from - limit;
    const metadata = {
      resourceVersion: String(at),
      ...(rest > 0 ? { continue: `${from + limit}@${at}` } : {}),
    };
    return { body: { kind: 'List', metadata, items: objects.slice(from, from + limit) } };
  }

  function openWatch(plural: string, from: number, accepts: Watch['accepts']): FakeAnswer {
    if (from < oldest) {
      // Real servers accept the watch and say it in its first line.
      const status = { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 };
      return {
        stream: ({ write, end }) => (write(`${JSON.stringify({ type: 'ERROR', object: status })}\n`), end()),
      };
    }
    return {
      headers: { 'content-type': 'application/json' },
      stream(stream) {
        const own: Watch = { plural, accepts, stream };
        for (const past of happened) {
          if (past.version > from && past.plural === plural && accepts(past.object)) {
            stream.write(lineOf(past.type, past.object));
          }
        }
        open.add(own);
        void stream.closed.then(() => open.delete(own));
        for (const { count, resolve } of waiting) if (open.size >= count) resolve();
        waiting = waiting.filter(({ count }) => open.size < count);
      },
    };
  }

  const server = await startFakeServer(answer);
  return {
    url: server.url,
    kubeconfig: kubeconfigFor(server.url, FAKE_KUBERNETES_TOKEN),
    requests: server.requests,
    put(plural, object) {
      version += 1;
      const table = tableOf(plural);
      const previous = table.get(keyOf(object));
      const uid = object.metadata['uid'] ?? previous?.metadata['uid'] ?? `uid-${version}`;
      const whole = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(version) } };
      table.set(keyOf(object), whole);
      tell(previous ? 'MODIFIED' : 'ADDED', plural, whole);
    },
    remove(plural, namespace, name) {
      const key = `${namespace}/${name}`;
      const object = tableOf(plural).get(key);
      if (!object) throw new Error(`there is no ${plural} ${key}`);
      version += 1;
      tableOf(plural).delete(key);
      tell('DELETED', plural, {
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(version) },
      });
    },
    bookmark() {
      for (const { stream } of open) stream.write(bookmarkLine(version));
    },
    cut() {
      for (const { stream } of open) stream.cut();
      open.clear();
    },
    compact() {
      version += 1;
      oldest = version;
      happened.length = 0;
    },
    say(plural, line) {
      for (const watch of open) if (watch.plural === plural) watch.stream.write(`${line}\n`);
    },
    refuse(plural, status) {
      if (status === 200) refusals.delete(plural);
      else refusals.set(plural, status);
    },
    watches: (count) =>
      open.size >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    openWatches: () => open.size,
    close: () => server.close(),
  };
}

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
export function kubeconfigFor(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'reader' } }],
    clusters: [{ name: 'fake', cluster: { server } }],
    users: [{ name: 'reader', user: { token } }],
  });
}

function selector(query: Readonly<Record<string, string>>, namespace: string | undefined): Watch['accepts'] {
  const terms = (query['fieldSelector'] ?? '')
    .split(',')
    .filter(Boolean)
    .map((term) => term.split('='));
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    terms.every(
      ([field, value]) => (field === 'metadata.name' ? object.metadata.name : object['type']) === value,
    );
}

function lineOf(type: Happened['type'], object: FakeObject): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function bookmarkLine(version: number): string {
  const object = {
    kind: 'Bookmark',
    metadata: { resourceVersion: String(version), creationTimestamp: null },
  };
  return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
}

function failure(status: number, reason: string): FakeAnswer {
  return { status, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code: status } };
}

if (import.meta.main) {
  const cluster = await startFakeKubernetes();
  console.log(`kubeconfig: '${cluster.kubeconfig}'\n`);
}
