import { startFakeServer, type FakeAnswer, type FakeServer } from '@signalbox/sdk/testing';

/** One request to start a run. */
export interface StartRequest {
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeEngine extends AsyncDisposable {
  readonly url: string;
  /** Every request to start something, also those that came to nothing. */
  readonly starts: readonly StartRequest[];
  /** Ids of the runs that it has, in order. One key starts one run. */
  readonly runs: readonly string[];
  /** How often it was asked how runs go on. */
  readonly questions: () => number;
  /** Answers requests to start something with this from now on; undefined: starts it. `silent` takes them and never answers. */
  answerStartsWith(answer: FakeAnswer | undefined): void;
  /** What it says of all its runs. */
  report(state: string, message?: string): void;
}

/** An engine that starts runs by `POST /runs` and tells of them at `/runs/ID`. */
export async function startFakeEngine(): Promise<FakeEngine> {
  const starts: StartRequest[] = [];
  const runs = new Map<string, string>();
  let asked = 0;
  let broken: FakeAnswer | undefined;
  let said: object = { phase: 'Running' };
  const server: FakeServer = await startFakeServer(({ method, path, headers, body }) => {
    const id = /^\/runs\/(.+)$/.exec(path)?.[1];
    if (method === 'GET' && id !== undefined) {
      asked++;
      const known = [...runs.values()].includes(id);
      return known ? { body: { status: said } } : { status: 404, body: {} };
    }
    const key = headers['idempotency-key'] ?? '';
    starts.push({ key, body: body as StartRequest['body'] });
    if (broken && broken !== 'silent') return broken;
    if (!runs.has(key)) runs.set(key, `fix-${runs.size + 1}`);
    return broken ?? { status: 201, body: { metadata: { name: runs.get(key) } } };
  });
  return {
    url: server.url,
    starts,
    get runs() {
      return [...runs.values()];
    },
    questions: () => asked,
    answerStartsWith: (answer) => void (broken = answer),
    report: (phase, message) => void (said = message === undefined ? { phase } : { phase, message }),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
