import { startAlertmanager } from './alertmanager.ts';
import { startHub, TOKEN } from './hub.ts';
import { closedLoop } from './load.ts';
import { answers, freePort, start, type Running } from './processes.ts';

const SINK = new URL('./sink-server.ts', import.meta.url).pathname;

export interface Sink extends Running {
  readonly url: string;
  count(): Promise<SinkCount>;
}

export interface SinkCount {
  readonly count: number;
  readonly distinct: number;
  readonly repeated: number;
  readonly outOfOrder: number;
}

/** The receiver in a process of its own. `check` reads every body; otherwise it only counts, so as not to be the limit. */
export async function startSink(mode: 'count' | 'check', port?: number): Promise<Sink> {
  const chosen = port ?? (await freePort());
  const url = `http://127.0.0.1:${chosen}/`;
  const running = await start(process.execPath, [SINK, String(chosen), mode], () => answers(`${url}count`));
  return { ...running, url, count: async () => (await (await fetch(`${url}count`)).json()) as SinkCount };
}

export interface EndToEnd {
  readonly deliveredPerSecond: number;
  readonly accepted: number;
}

/**
 * From the first signal to the last delivery: load for some seconds, every alert its own group and one POST each, then the rest of
 * the backlog. What counts is deliveries over the whole time.
 */
export async function measureEndToEnd(which: 'hub' | 'alertmanager', seconds: number): Promise<EndToEnd | undefined> {
  const sink = await startSink('count');
  try {
    const target = which === 'hub' ? await startHub({ sinkUrl: sink.url }) : await startAlertmanager(sink.url);
    if (!target) return undefined;
    const startedAt = performance.now();
    const load =
      'hook' in target
        ? await closedLoop({ url: target.hook, kind: 'webhook', token: TOKEN, connections: 64, seconds, first: 0 })
        : await closedLoop({ url: target.api, kind: 'api', connections: 64, seconds, first: 0 });
    let last = { count: -1, at: startedAt };
    for (;;) {
      const { count } = await sink.count();
      const now = performance.now();
      if (count > last.count) last = { count, at: now };
      // Alertmanager may lose some; a pause of five seconds ends the count.
      if (count >= load.requests || now - last.at > 5_000) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await target.stop('SIGKILL');
    target.remove();
    return { deliveredPerSecond: last.count / ((last.at - startedAt) / 1000), accepted: load.requests };
  } finally {
    await sink.stop();
  }
}
