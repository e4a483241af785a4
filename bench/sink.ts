import { answers, freePort, start, type Running } from './processes.ts';

/** Short, because waits are part of what is measured. */
const POLL_MS = 10;
const SERVER = new URL('./sink-server.ts', import.meta.url).pathname;

/** What the receiver has seen. All but `count` is told only by a receiver that reads the bodies. */
export interface SinkCount {
  readonly count: number;
  /** Different idempotency keys, and requests beyond the first of each. */
  readonly distinct: number;
  readonly repeated: number;
  /** Statements that came after a newer one of the same key. */
  readonly outOfOrder: number;
  /** Milliseconds from `startsAt` of a firing alert to its arrival here. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
}

/** The newest thing a receiver was told about a key. */
export interface Told {
  readonly status: string;
  readonly version: number;
}

export interface Sink extends Running {
  readonly url: string;
  count(): Promise<SinkCount>;
  told(): Promise<Map<string, Told>>;
}

/** The receiver in a process of its own. `check` reads every body; `count` only counts, so as not to be the limit. */
export async function startSink(mode: 'count' | 'check', port?: number): Promise<Sink> {
  const chosen = port ?? (await freePort());
  const url = `http://127.0.0.1:${chosen}/`;
  const running = await start(process.execPath, [SERVER, String(chosen), mode], () => answers(`${url}count`));
  const read = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  return {
    ...running,
    url,
    count: async () => (await read('count')) as SinkCount,
    told: async () => new Map((await read('told')) as [string, Told][]),
  };
}

/** Waits until the receiver has seen `expected` requests, or none for `quietMs`, or `limitMs` are over. Tells when the last one came. */
export async function awaitDeliveries(
  sink: Sink,
  {
    expected,
    quietMs,
    limitMs,
  }: { readonly expected: number; readonly quietMs: number; readonly limitMs: number },
): Promise<{ readonly count: number; readonly at: number }> {
  const startedAt = performance.now();
  let last = { count: 0, at: startedAt };
  for (;;) {
    const { count } = await sink.count();
    const now = performance.now();
    if (count > last.count) last = { count, at: now };
    if (count >= expected || now - last.at > quietMs || now - startedAt > limitMs) return last;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
