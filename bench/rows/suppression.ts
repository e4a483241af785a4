import { loadAndDrain, missing, type EndToEnd } from '../drain.ts';
import { everyAlertItsOwnGroup, startHub, TOKEN, type Hub } from '../hub.ts';
import { postSilences } from '../hub-api.ts';
import { cpuMs } from '../processes.ts';
import { flushStep } from '../../src/pipeline/flush-step.ts';
import type { Silence } from '../../src/model/silence.ts';
import { mixedLabels } from '../mixed-labels.ts';
import { median, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { readSettings } from '../settings.ts';
import { startSink, type Sink } from '../sink.ts';
import { openState, type State } from '../state.ts';
import {
  inhibitRulesSection,
  mixedMatchers,
  patternMatchers,
  silences,
  sourceLabels,
} from '../suppressions.ts';

const MANY = 10_000;
/** Sources of inhibition that fire meanwhile. */
const SOURCES = 1_000;
/** Alerts per round of the flush path, each its own group. */
const MEASURED = 2_048;
const APART_MS = 1_000;
const CONNECTIONS = 64;

/** What a great many silences and inhibition rules cost that hold nothing: at the flush, and from the signal to the receiver. */
export async function measureSuppression(setting: Setting): Promise<readonly Row[]> {
  return [...(await measureFlush(setting)), await measureEndToEnd(setting)];
}

/** A state with some silences, and what each round cost. */
interface Candidate {
  readonly state: State;
  readonly perAlertUs: number[];
}

async function measureFlush({ rounds, say }: Setting): Promise<readonly Row[]> {
  const candidates = {
    none: await openCandidate(0, 0, mixedMatchers),
    mixed: await openCandidate(MANY, MANY, mixedMatchers),
    patterns: await openCandidate(MANY, 0, patternMatchers),
  };
  const all = Object.values(candidates);
  try {
    // The first round, uncounted, warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const { state, perAlertUs } of all) {
        const took = await flushSome(state, round);
        if (round > 0) perAlertUs.push(took);
      }
      say(
        `flush ${round}/${rounds}: ${all.map(({ perAlertUs }) => perAlertUs.at(-1)?.toFixed(0)).join(', ')} µs`,
      );
    }
    const { none, mixed, patterns } = candidates;
    const ratio = ({ perAlertUs }: Candidate): number =>
      median(perAlertUs.map((took, round) => took / none.perAlertUs[round]!));
    const of = (name: string, { perAlertUs }: Candidate) =>
      ({ name, value: median(perAlertUs), unit: 'µs' }) as const;
    return [
      {
        what: 'flush with 10,000 silences and 10,000 inhibition rules ÷ with none',
        value: ratio(mixed),
        unit: 'ratio',
        must: { relation: '<', value: 2 },
        figures: [
          of('with them, an alert', mixed),
          of('with none', none),
          {
            name: 'reading the silences anew after one was changed',
            value: await readAnewMs(mixed.state),
            unit: 'ms',
          },
        ],
        notes: [
          '1,000 sources of inhibition fire meanwhile; of 100 silences one names no value and has to be tried for each alert',
        ],
      },
      {
        what: 'flush with 10,000 silences that are regular expressions alone ÷ with none',
        value: ratio(patterns),
        unit: 'ratio',
        figures: [of('with them, an alert', patterns)],
      },
    ];
  } finally {
    for (const { state } of all) await state.close();
  }
}

async function openCandidate(
  silenceCount: number,
  ruleCount: number,
  matchersOf: (index: number) => Silence['matchers'],
): Promise<Candidate> {
  const settings = await readSettings(`${everyAlertItsOwnGroup()}${inhibitRulesSection(ruleCount)}`);
  const state = await openState(settings);
  const { store, now } = state.context;
  await store.commit({ silences: silences(silenceCount, matchersOf, now()) });
  await state.fire(sourceLabels(SOURCES));
  while (await flushStep(state.context, false));
  return { state, perAlertUs: [] };
}

/** @returns microseconds per alert */
async function flushSome(state: State, round: number): Promise<number> {
  state.pass(APART_MS);
  await state.fire(
    Array.from({ length: MEASURED }, (_, index) => ({
      alertname: 'HighLatency',
      ...mixedLabels(index),
      instance: `${round}-${index}`,
    })),
  );
  const startedAt = performance.now();
  while (await flushStep(state.context, false));
  return ((performance.now() - startedAt) * 1_000) / MEASURED;
}

async function readAnewMs({ context: { store, silences: book, settings, now } }: State): Promise<number> {
  await store.commit({ silences: silences(1, mixedMatchers, now()) });
  const startedAt = performance.now();
  await book.open(settings().maintenanceWindows, now());
  return performance.now() - startedAt;
}

interface Run extends EndToEnd {
  readonly cpuPerAlert: number;
}

async function measureEndToEnd(setting: Setting): Promise<Row> {
  const { rounds, quick, say } = setting;
  // Each silence is a commit of its own, and a disk may take a while for ten thousand.
  const silenceCount = quick ? MANY / 10 : MANY;
  const none: Run[] = [];
  const many: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    none.push(await run(0, 0, setting));
    many.push(await run(silenceCount, MANY, setting));
    const speeds = [none, many].map((runs) => Math.round(runs.at(-1)!.perSecond));
    say(`suppression ${round}/${rounds}: with none ${speeds[0]}/s, with many ${speeds[1]}/s`);
  }
  const of = (runs: readonly Run[], what: keyof Run): number => median(runs.map((one) => one[what]));
  return {
    what: `end to end with none ÷ with ${silenceCount.toLocaleString('en')} silences and 10,000 inhibition rules`,
    value: median(none.map(({ perSecond }, round) => perSecond / many[round]!.perSecond)),
    unit: 'ratio',
    must: { relation: '<', value: 2 },
    figures: [
      { name: 'with none', value: of(none, 'perSecond'), unit: '/s' },
      { name: 'with many', value: of(many, 'perSecond'), unit: '/s' },
      { name: 'processor: with none', value: of(none, 'cpuPerAlert'), unit: 'ms/alert' },
      { name: 'with many', value: of(many, 'cpuPerAlert'), unit: 'ms/alert' },
      { name: 'accepted and not told', value: missing([...none, ...many]), unit: 'count' },
    ],
  };
}

async function run(silenceCount: number, ruleCount: number, { seconds }: Setting): Promise<Run> {
  const sink = await startSink('count');
  const hub = await startHub({ sinkUrl: sink.url, more: { sections: inhibitRulesSection(ruleCount) } });
  try {
    const matchers = Array.from({ length: silenceCount }, (_, index) => mixedMatchers(index));
    await postSilences(hub.url, matchers);
    return await load(hub, sink, seconds);
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  }
}

async function load(hub: Hub, sink: Sink, seconds: number): Promise<Run> {
  const cpuBefore = cpuMs(hub.pid);
  const target = { url: hub.hook, kind: 'mixed', token: TOKEN, connections: CONNECTIONS } as const;
  const told = await loadAndDrain(sink, { ...target, seconds, first: 0 });
  return { ...told, cpuPerAlert: (cpuMs(hub.pid) - cpuBefore) / told.delivered };
}
