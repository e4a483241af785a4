import { startAlertmanager } from '../alertmanager.ts';
import { loadAndDrain, missing, type EndToEnd } from '../drain.ts';
import { startHub, TOKEN } from '../hub.ts';
import { median, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { startSink } from '../sink.ts';

const CONNECTIONS = 64;
/** Of load, and then the rest of its backlog, which takes as long again. */
const WARM_UP_SECONDS = 4;
/** The alerts of the warm-up have other numbers. */
const MEASURED_FROM = 100_000_000;

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

async function run(which: 'hub' | 'alertmanager', { seconds }: Setting): Promise<EndToEnd | undefined> {
  const sink = await startSink('count');
  const target = which === 'hub' ? await startHub({ sinkUrl: sink.url }) : await startAlertmanager(sink.url);
  try {
    if (!target) return undefined;
    const load = {
      connections: CONNECTIONS,
      ...('hook' in target
        ? { url: target.hook, kind: 'webhook' as const, token: TOKEN }
        : { url: target.api, kind: 'api' as const }),
    };
    await loadAndDrain(sink, { ...load, seconds: WARM_UP_SECONDS, first: 0 });
    return await loadAndDrain(sink, { ...load, seconds, first: MEASURED_FROM });
  } finally {
    await target?.stop('SIGKILL');
    target?.remove();
    await sink.stop();
  }
}
