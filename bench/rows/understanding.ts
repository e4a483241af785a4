import { loadAndDrain, missing, type EndToEnd } from '../drain.ts';
import { fullPipeline } from '../full-pipeline.ts';
import { startHub, TOKEN } from '../hub.ts';
import { readHighest, readMetric } from '../hub-api.ts';
import { cpuMs, makeFolder, removeFolder } from '../processes.ts';
import { median, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { startSink } from '../sink.ts';

const CONNECTIONS = 64;

interface Run extends EndToEnd {
  readonly cpuPerAlert: number;
  /** What shows that the rules were at work. */
  readonly matches: number;
  readonly failures: number;
  readonly cached: number;
  readonly slowestWaitS: number;
}

/** The same load of mixed alerts with every stage of understanding at work, and with none. */
export async function measureUnderstanding(setting: Setting): Promise<readonly Row[]> {
  const { rounds, say } = setting;
  const plain: Run[] = [];
  const full: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    plain.push(await run('plain', setting));
    full.push(await run('full', setting));
    const speeds = [plain, full].map((runs) => Math.round(runs.at(-1)!.perSecond));
    say(`understanding ${round}/${rounds}: without rules ${speeds[0]}/s, with all stages ${speeds[1]}/s`);
  }
  const of = (runs: readonly Run[], what: keyof Run): number => median(runs.map((one) => one[what]));
  return [
    {
      what: 'all stages ÷ the same run without rules',
      value: median(full.map(({ perSecond }, round) => perSecond / plain[round]!.perSecond)),
      unit: 'ratio',
      must: { relation: '≥', value: 0.5 },
      figures: [
        { name: 'all stages', value: of(full, 'perSecond'), unit: '/s' },
        { name: 'without rules', value: of(plain, 'perSecond'), unit: '/s' },
        { name: 'processor: all stages', value: of(full, 'cpuPerAlert'), unit: 'ms/alert' },
        { name: 'without rules', value: of(plain, 'cpuPerAlert'), unit: 'ms/alert' },
        { name: 'rules that matched an alert, mean', value: of(full, 'matches'), unit: 'ratio' },
        { name: 'look-ups answered from the cache', value: of(full, 'cached') * 100, unit: '%' },
      ],
      notes: [
        '100 rules, 20 classification patterns beside the built-in rules, 10 inhibition rules, 20 policies of priority, a table with 200 rows',
      ],
    },
    {
      what: 'stages that failed, and alerts that were accepted and not told',
      value: missing([...plain, ...full]) + full.reduce((sum, { failures }) => sum + failures, 0),
      unit: 'count',
      must: { relation: '=', value: 0 },
    },
    {
      what: 'alerts through 100 rules (BR-PERF-007)',
      value: of(full, 'perSecond') * 60,
      unit: '/min',
      must: { relation: '≥', value: 5_000 },
    },
    {
      what: 'enrichment, slowest batch, at most (BR-PERF-008)',
      value: Math.max(...full.map(({ slowestWaitS }) => slowestWaitS)),
      unit: 's',
      must: { relation: '≤', value: 3 },
    },
  ];
}

async function run(which: 'plain' | 'full', { seconds }: Setting): Promise<Run> {
  const folder = makeFolder('tables');
  const sink = await startSink('count');
  const hub = await startHub({
    sinkUrl: sink.url,
    ...(which === 'full' ? { more: fullPipeline(folder) } : {}),
  });
  try {
    const load = { url: hub.hook, kind: 'mixed', token: TOKEN, connections: CONNECTIONS } as const;
    const cpuBefore = cpuMs(hub.pid);
    const told = await loadAndDrain(sink, { ...load, seconds, first: 0 });
    const cpuPerAlert = (cpuMs(hub.pid) - cpuBefore) / told.delivered;
    const questions = 'signalbox_enrichment_questions_total';
    const asked = await readMetric(hub.url, questions);
    const cached = await readMetric(hub.url, questions, 'outcome="cached"');
    return {
      ...told,
      cpuPerAlert,
      matches: (await readMetric(hub.url, 'signalbox_rule_matches_total')) / told.delivered,
      failures: await readMetric(hub.url, 'signalbox_prepare_failures_total'),
      cached: asked === 0 ? 0 : cached / asked,
      slowestWaitS: await readHighest(hub.url, 'signalbox_enrichment_wait_seconds'),
    };
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
    removeFolder(folder);
  }
}
