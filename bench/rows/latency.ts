import { startBare } from '../bare.ts';
import { startHub, TOKEN } from '../hub.ts';
import { closedLoop } from '../load.ts';
import { openLoop, OPEN_LOOP_GENERATOR, type OpenLoopResult } from '../open-loop.ts';
import type { Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { startSink } from '../sink.ts';

const CONNECTIONS = 1_000;
const WARM_UP_SECONDS = 3;

/** How long an acknowledgement takes with 1,000 connections at half the maximum rate, and what the generator itself adds. */
export async function measureLatency(setting: Setting): Promise<readonly Row[]> {
  const { say, known } = setting;
  known.hubPerSecond ??= await findMaximum(setting);
  const perSecond = Math.round(known.hubPerSecond / 2);
  const bare = await againstBare(perSecond, setting);
  say(`latency: generator against the bare server at ${perSecond}/s: p99 ${bare.p99Ms.toFixed(1)} ms`);
  const hub = await againstHub(perSecond, setting);
  say(`latency: hub at ${perSecond}/s: p99 ${hub.p99Ms.toFixed(1)} ms, ${hub.errors} errors`);
  return [
    {
      what: 'acknowledgement, p99',
      value: hub.p99Ms,
      unit: 'ms',
      must: { relation: '<', value: 500 },
      aim: { relation: '<', value: 50 },
      figures: [
        { name: 'rate', value: perSecond, unit: '/s' },
        { name: 'median', value: hub.p50Ms, unit: 'ms' },
        { name: 'most', value: hub.maxMs, unit: 'ms' },
        { name: 'bare server p99', value: bare.p99Ms, unit: 'ms' },
        { name: 'generator late by p99', value: hub.lateP99Ms, unit: 'ms' },
        { name: 'waited for a free connection', value: hub.queued, unit: 'count' },
      ],
      notes: [`generator: ${OPEN_LOOP_GENERATOR}; wrk has no open loop`],
    },
    {
      what: 'errors with 1,000 connections (BR-PERF-002)',
      value: hub.errors,
      unit: 'count',
      must: { relation: '=', value: 0 },
      figures: [
        { name: 'requests', value: hub.requests, unit: 'count' },
        { name: 'errors of the bare server', value: bare.errors, unit: 'count' },
      ],
      ...(hub.firstError === undefined ? {} : { notes: [`first error: ${hub.firstError}`] }),
    },
  ];
}

async function againstBare(perSecond: number, setting: Setting): Promise<OpenLoopResult> {
  const bare = await startBare();
  try {
    return await load(bare.port, perSecond, setting);
  } finally {
    await bare.stop('SIGKILL');
  }
}

async function againstHub(perSecond: number, setting: Setting): Promise<OpenLoopResult> {
  const sink = await startSink('count');
  const hub = await startHub({ sinkUrl: sink.url });
  try {
    return await load(hub.port, perSecond, setting);
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  }
}

function load(port: number, perSecond: number, { seconds }: Setting): Promise<OpenLoopResult> {
  const connections = CONNECTIONS;
  return openLoop({
    port,
    token: TOKEN,
    connections,
    perSecond,
    seconds,
    warmUpSeconds: WARM_UP_SECONDS,
    prefix: 'open-',
  });
}

/** When the rate was not measured before. */
async function findMaximum({ seconds }: Setting): Promise<number> {
  const sink = await startSink('count');
  const hub = await startHub({ sinkUrl: sink.url });
  try {
    const target = { url: hub.hook, kind: 'webhook', token: TOKEN, connections: 64 } as const;
    await closedLoop({ ...target, seconds: 2, first: 0 });
    return (await closedLoop({ ...target, seconds, first: 100_000_000 })).perSecond;
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  }
}
