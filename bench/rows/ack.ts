import { startAlertmanager } from '../alertmanager.ts';
import { startBare } from '../bare.ts';
import { startHub, TOKEN } from '../hub.ts';
import { closedLoop, type LoadOptions, type LoadResult } from '../load.ts';
import { median, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { startSink } from '../sink.ts';

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 8;
/** The alerts of the warm-up have other numbers. */
const MEASURED_FROM = 100_000_000;

/** Acknowledged signals per second: the hub between the bare server, which keeps nothing, and Alertmanager, which keeps it in memory. */
export async function measureAcknowledged(setting: Setting): Promise<readonly Row[]> {
  const { rounds, say, known } = setting;
  const bare: LoadResult[] = [];
  const hub: LoadResult[] = [];
  const peer: LoadResult[] = [];
  for (let round = 1; round <= rounds; round++) {
    bare.push(await loadBare(setting));
    hub.push(await loadHub(setting));
    const peers = await loadAlertmanager(setting);
    if (peers) peer.push(peers);
    const speeds = [bare, hub, peer].map((results) => Math.round(results.at(-1)?.perSecond ?? 0));
    say(`ack ${round}/${rounds}: bare ${speeds[0]}/s, hub ${speeds[1]}/s, Alertmanager ${speeds[2]}/s`);
  }
  const perSecond = (results: readonly LoadResult[]): number =>
    median(results.map((result) => result.perSecond));
  const ratio = (to: readonly LoadResult[]): number =>
    median(to.map((result, index) => hub[index]!.perSecond / result.perSecond));
  known.hubPerSecond = perSecond(hub);
  const hubErrors = hub.reduce((sum, { errors }) => sum + errors, 0);
  return [
    {
      what: 'hub ÷ bare server',
      value: ratio(bare),
      unit: 'ratio',
      must: { relation: '≥', value: 0.4 },
      aim: { relation: '≥', value: 0.6 },
      figures: [
        { name: 'hub', value: perSecond(hub), unit: '/s' },
        { name: 'bare server', value: perSecond(bare), unit: '/s' },
        { name: 'hub p99', value: median(hub.map(({ p99Ms }) => p99Ms)), unit: 'ms' },
        { name: 'hub errors', value: hubErrors, unit: 'count' },
      ],
    },
    {
      what: 'hub ÷ Alertmanager (not durable)',
      value: peer.length === 0 ? undefined : ratio(peer),
      unit: 'ratio',
      must: { relation: '≥', value: 3 },
      ...(peer.length === 0
        ? { notes: ['Alertmanager is not installed'] }
        : { figures: [{ name: 'Alertmanager', value: perSecond(peer), unit: '/s' }] }),
    },
    {
      what: 'webhooks a minute (BR-PERF-003)',
      value: perSecond(hub) * 60,
      unit: '/min',
      must: { relation: '≥', value: 10_000 },
    },
  ];
}

async function loadBare(setting: Setting): Promise<LoadResult> {
  const bare = await startBare();
  try {
    return await warmAndLoad({ url: bare.url, kind: 'webhook', token: TOKEN }, setting);
  } finally {
    await bare.stop('SIGKILL');
  }
}

async function loadHub(setting: Setting): Promise<LoadResult> {
  const sink = await startSink('count');
  const hub = await startHub({ sinkUrl: sink.url });
  try {
    return await warmAndLoad({ url: hub.hook, kind: 'webhook', token: TOKEN }, setting);
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  }
}

async function loadAlertmanager(setting: Setting): Promise<LoadResult | undefined> {
  const sink = await startSink('count');
  const alertmanager = await startAlertmanager(sink.url);
  try {
    return alertmanager && (await warmAndLoad({ url: alertmanager.api, kind: 'api' }, setting));
  } finally {
    await alertmanager?.stop('SIGKILL');
    alertmanager?.remove();
    await sink.stop();
  }
}

/** A just-in-time compiler is at work for the first ten seconds of load; the same warm-up for all three. */
async function warmAndLoad(
  target: Pick<LoadOptions, 'url' | 'kind' | 'token'>,
  { seconds }: Setting,
): Promise<LoadResult> {
  const load = { ...target, connections: CONNECTIONS };
  await closedLoop({ ...load, seconds: WARM_UP_SECONDS, first: 0 });
  return closedLoop({ ...load, seconds, first: MEASURED_FROM });
}
