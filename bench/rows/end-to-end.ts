import { startAlertmanager } from '../alertmanager.ts';
import { startHub, TOKEN } from '../hub.ts';
import { closedLoop } from '../load.ts';
import { median, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { awaitDeliveries, startSink } from '../sink.ts';

const CONNECTIONS = 64;
/** A backlog that takes longer than this is given up; what was delivered until then counts. */
const DRAIN_MS = 120_000;
/** Alertmanager may lose some: a pause this long ends the count. */
const QUIET_MS = 5_000;

interface EndToEnd {
  readonly perSecond: number;
  readonly accepted: number;
  readonly delivered: number;
}

/** From the first signal to the last delivery, every alert its own group and one POST each. */
export async function measureEndToEnd(setting: Setting): Promise<readonly Row[]> {
  const { rounds, say } = setting;
  const hub: EndToEnd[] = [];
  const peer: EndToEnd[] = [];
  for (let round = 1; round <= rounds; round++) {
    hub.push((await run('hub', setting))!);
    const peers = await run('alertmanager', setting);
    if (peers) peer.push(peers);
    say(
      `e2e ${round}/${rounds}: hub ${Math.round(hub.at(-1)!.perSecond)}/s, Alertmanager ${Math.round(peers?.perSecond ?? 0)}/s`,
    );
  }
  const perSecond = (results: readonly EndToEnd[]): number =>
    median(results.map((result) => result.perSecond));
  const missing = (results: readonly EndToEnd[]): number =>
    results.reduce((sum, { accepted, delivered }) => sum + Math.max(0, accepted - delivered), 0);
  return [
    {
      what: 'hub ÷ Alertmanager',
      value:
        peer.length === 0
          ? undefined
          : median(peer.map((result, round) => hub[round]!.perSecond / result.perSecond)),
      unit: 'ratio',
      must: { relation: '≥', value: 1.5 },
      aim: { relation: '≥', value: 2.5 },
      figures: [
        { name: 'hub', value: perSecond(hub), unit: '/s' },
        ...(peer.length === 0 ? [] : [{ name: 'Alertmanager', value: perSecond(peer), unit: '/s' } as const]),
        { name: 'accepted but not delivered in time: hub', value: missing(hub), unit: 'count' },
        ...(peer.length === 0
          ? []
          : [{ name: 'Alertmanager', value: missing(peer), unit: 'count' } as const]),
      ],
      ...(peer.length === 0 ? { notes: ['Alertmanager is not installed'] } : {}),
    },
    {
      what: 'notifications a minute (BR-PERF-027)',
      value: perSecond(hub) * 60,
      unit: '/min',
      must: { relation: '≥', value: 1_000 },
    },
  ];
}

/** Some seconds of load, then the rest of the backlog. What counts is deliveries over the whole time. */
async function run(which: 'hub' | 'alertmanager', { seconds }: Setting): Promise<EndToEnd | undefined> {
  const sink = await startSink('count');
  const target = which === 'hub' ? await startHub({ sinkUrl: sink.url }) : await startAlertmanager(sink.url);
  try {
    if (!target) return undefined;
    const load = { connections: CONNECTIONS, seconds, first: 0 };
    const startedAt = performance.now();
    const { requests, errors } =
      'hook' in target
        ? await closedLoop({ ...load, url: target.hook, kind: 'webhook', token: TOKEN })
        : await closedLoop({ ...load, url: target.api, kind: 'api' });
    const accepted = requests - errors;
    const last = await awaitDeliveries(sink, { expected: accepted, quietMs: QUIET_MS, limitMs: DRAIN_MS });
    return { perSecond: last.count / ((last.at - startedAt) / 1000), accepted, delivered: last.count };
  } finally {
    await target?.stop('SIGKILL');
    target?.remove();
    await sink.stop();
  }
}
