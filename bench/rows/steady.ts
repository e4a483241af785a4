import { availableParallelism } from 'node:os';
import { startHub, TOKEN } from '../hub.ts';
import { openLoop } from '../open-loop.ts';
import { cpuMs } from '../processes.ts';
import type { Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { awaitDeliveries, startSink } from '../sink.ts';

/** BR-PERF-003 as a rate: 10,000 webhooks a minute. */
const PER_SECOND = 10_000 / 60;
const CONNECTIONS = 64;
const WARM_UP_SECONDS = 3;

/** The peak that the requirements name: how long one alert takes, and how busy the machine is. */
export async function measureSteady(setting: Setting): Promise<readonly Row[]> {
  const { seconds, say } = setting;
  const sink = await startSink('check');
  const hub = await startHub({ sinkUrl: sink.url });
  try {
    const cpuBefore = cpuMs(hub.pid);
    const startedAt = performance.now();
    const load = { port: hub.port, token: TOKEN, connections: CONNECTIONS, perSecond: PER_SECOND };
    const acknowledged = await openLoop({
      ...load,
      seconds,
      warmUpSeconds: WARM_UP_SECONDS,
      prefix: 'steady-',
    });
    const last = await awaitDeliveries(sink, {
      expected: acknowledged.requests,
      quietMs: 10_000,
      limitMs: 60_000,
    });
    const busy = (cpuMs(hub.pid) - cpuBefore) / (last.at - startedAt);
    const seen = await sink.count();
    say(
      `steady: acknowledged p99 ${acknowledged.p99Ms.toFixed(1)} ms, delivered at most ${seen.delayMaxMs.toFixed(0)} ms later`,
    );
    return [
      {
        what: 'acknowledgement, p99 (BR-PERF-004)',
        value: acknowledged.p99Ms,
        unit: 'ms',
        must: { relation: '<', value: 500 },
        figures: [
          { name: 'most', value: acknowledged.maxMs, unit: 'ms' },
          { name: 'errors', value: acknowledged.errors, unit: 'count' },
        ],
      },
      {
        what: 'signal to delivery, slowest of all (BR-PERF-006)',
        value: seen.delayMaxMs / 1000,
        unit: 's',
        must: { relation: '<', value: 5 },
        figures: [
          { name: 'median', value: seen.delayP50Ms, unit: 'ms' },
          { name: 'p99', value: seen.delayP99Ms, unit: 'ms' },
          { name: 'not delivered', value: acknowledged.requests - seen.distinct, unit: 'count' },
        ],
      },
      {
        what: 'processor time of the hub, share of all cores (BR-PERF-031)',
        value: (busy / availableParallelism()) * 100,
        unit: '%',
        must: { relation: '≤', value: 60 },
      },
    ];
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  }
}
