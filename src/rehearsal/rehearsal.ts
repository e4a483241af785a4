import type { Logger } from '@signalbox/sdk';
import type { LoadedConnectors } from '../host/load-connectors.ts';
import type { JournalRecord } from '../journal/port.ts';
import { createMetricSet } from '../lib/metrics.ts';
import type { Delivery } from '../model/delivery.ts';
import type { ScoreModel } from '../model/score-model.ts';
import type { Settings } from '../model/settings.ts';
import type { Silence } from '../model/silence.ts';
import type { Position } from '../model/position.ts';
import { ownEverything } from '../ownership/ownership.ts';
import { createPipelineMetrics } from '../pipeline/metrics.ts';
import { filtersOf } from '../pipeline/prepare-filters.ts';
import { compilePreparation } from '../pipeline/prepare.ts';
import { createPulses } from '../pipeline/pulses.ts';
import { createRound } from '../pipeline/round.ts';
import { runDuties, runSteps } from '../pipeline/run-steps.ts';
import type { StepContext } from '../pipeline/step.ts';
import { createTally } from '../rules/tally.ts';
import { createModelBook } from '../scoring/model-book.ts';
import type { Commit, Store } from '../store/port.ts';
import { createSilenceBook } from '../suppression/silence-book.ts';
import { createFactsBook, type FactsBook } from './facts-book.ts';
import { hasDuties } from './has-duties.ts';
import type { AnswerBook, KnownThen } from './recorded-answers.ts';
import { openRecordedEnrichments } from './recorded-enrichments.ts';
import type { SilenceChange } from './silence-history.ts';
import { createSoleStore } from './sole-store.ts';

export interface RehearsalParts {
  readonly settings: Settings;
  readonly connectors: LoadedConnectors['connectors'];
  /** Empty, and thrown away afterwards. */
  readonly store: Store;
  /** Of the journal whose records are replayed. */
  readonly partitions: number;
  /** Whether it may hold a record twice. */
  readonly repeats?: boolean | undefined;
  /** The clock at the beginning. */
  readonly startAt: number;
  /** Those of people; those of the configuration are known already. */
  readonly silences: readonly Silence[];
  /** What becomes of them later, in the order of time. */
  readonly silenceChanges?: readonly SilenceChange[];
  /** What enrichment found then; absent: nobody knows. */
  readonly answers?: AnswerBook;
  /** What was learned of the relevance of alerts so far. */
  readonly models?: readonly ScoreModel[];
  /** Sees each batch before it is committed, with the clock as it is then. */
  readonly onCommit?: (batch: Commit, now: number) => void;
}

/** A hub in a jar: the pipeline's own steps, a clock that jumps, and deliveries that arrive at once. */
export interface Rehearsal {
  now(): number;
  /** Lets everything happen that is due up to and including this time. */
  advance(to: number): Promise<void>;
  /** Records that arrive at the present time, in order. */
  take(records: readonly JournalRecord[]): Promise<void>;
  /** What it knew of enrichment, which it does not ask. */
  readonly facts: FactsBook;
}

/** Announcements and silent sources are looked for this often, in the rehearsal's own time. */
const DUTIES_MS = 60_000;
/** A step that finds nothing to do at a time that is due would keep the clock where it is. */
const MAX_IDLE_TURNS = 3;

const QUIET: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export async function openRehearsal(parts: RehearsalParts): Promise<Rehearsal> {
  const { settings, partitions } = parts;
  let clock = parts.startAt;
  const now = (): number => clock;
  const facts = createFactsBook();
  const store = observe(createSoleStore(parts.store, parts), parts.onCommit, now);
  await store.commit({ silences: parts.silences, models: parts.models ?? [] });
  /** What was taken and is not folded yet, per partition; offsets are the rehearsal's own. */
  const waiting = new Map<number, JournalRecord[]>();
  const ends = new Map<number, number>();
  const positions = new Map(Array.from({ length: partitions }, (_, partition) => [partition, 0]));
  const models = createModelBook(store);
  const preparation = compilePreparation(settings, filtersOf(settings, parts.connectors), models.of);
  /** By partition and the rehearsal's own offset, of records that are not folded yet. */
  const thens = new Map<string, KnownThen | undefined>();
  const enrichments = openRecordedEnrichments({
    settings,
    connectors: parts.connectors,
    thenOf: (position) => thens.get(placeOf(position)),
    book: facts,
  });
  const context: StepContext = {
    store,
    journal: {
      partitions,
      repeats: parts.repeats === true,
      read: (partition, offset, limit) =>
        Promise.resolve(
          (waiting.get(partition) ?? []).filter((record) => record.offset >= offset).slice(0, limit),
        ),
      end: (partition) => Promise.resolve(ends.get(partition) ?? 0),
    },
    ownership: ownEverything(partitions),
    mayDecide: () => true,
    settings: () => settings,
    preparation: () => preparation,
    models,
    enrichments: () => enrichments,
    tally: createTally(),
    now,
    pulses: createPulses([]),
    silences: createSilenceBook(store),
    onCommit: () => {},
    log: QUIET,
    metrics: createPipelineMetrics(createMetricSet('without-process')),
  };
  const { silences, silenceChanges = [] } = parts;
  let changed = 0;
  const looks = hasDuties(settings, [...silences, ...silenceChanges.map(({ silence }) => silence)]);
  let lookAt = looks ? clock : Infinity;

  async function duties(step: StepContext): Promise<void> {
    if (clock < lookAt) return;
    lookAt = Math.min(await runDuties(step), clock + DUTIES_MS);
  }

  async function turn(): Promise<boolean> {
    const steps = { positions, isWhole: true, isLate: false, duties };
    let taken: Awaited<ReturnType<typeof runSteps>>;
    try {
      const round = createRound(store);
      taken = await runSteps({ ...context, store: round.store }, steps);
      await round.commit();
    } catch {
      // As in the pipeline: a record that breaks the batch is found and quarantined when each step commits by itself.
      taken = await runSteps(context, steps);
    }
    for (const [partition, offset] of taken.folded.next) {
      positions.set(partition, offset);
      for (const record of waiting.get(partition) ?? [])
        if (record.offset < offset) thens.delete(placeOf(record));
      waiting.set(
        partition,
        (waiting.get(partition) ?? []).filter((record) => record.offset >= offset),
      );
    }
    return taken.progressed;
  }

  /** Until nothing is left to do at this time. */
  async function settle(): Promise<boolean> {
    let progressed = false;
    while (await turn()) progressed = true;
    return progressed;
  }

  async function nextDueAt(): Promise<number> {
    const incidents = settings.correlation ? await store.nextIncidentDue() : Infinity;
    return Math.min(await store.nextDueAt(), incidents, lookAt, silenceChanges[changed]?.at ?? Infinity);
  }

  /** What people said of silences by now. */
  async function followSilences(): Promise<boolean> {
    const from = changed;
    while ((silenceChanges[changed]?.at ?? Infinity) <= clock) changed += 1;
    if (changed === from) return false;
    await store.commit({ silences: silenceChanges.slice(from, changed).map(({ silence }) => silence) });
    return true;
  }

  return {
    now,
    facts,
    async advance(to) {
      let idle = 0;
      for (let due = await nextDueAt(); due <= to; due = await nextDueAt()) {
        const isNew = due > clock;
        clock = Math.max(clock, due);
        const hasNews = await followSilences();
        const progressed = await settle();
        idle = isNew || hasNews || progressed ? 0 : idle + 1;
        if (idle >= MAX_IDLE_TURNS) break;
      }
      clock = Math.max(clock, to);
    },
    async take(records) {
      for (const record of records) {
        const offset = ends.get(record.partition) ?? 0;
        ends.set(record.partition, offset + 1);
        const queue = waiting.get(record.partition) ?? [];
        const taken = { ...record, offset };
        queue.push(taken);
        waiting.set(record.partition, queue);
        if (parts.answers && !enrichments.isEmpty) thens.set(placeOf(taken), await parts.answers.of(record));
      }
      await settle();
    },
  };
}

/** Deliveries arrive as they are made: what vendors would have done nobody knows. */
function observe(store: Store, onCommit: RehearsalParts['onCommit'], now: () => number): Store {
  return {
    ...store,
    commit(batch) {
      const deliveries = batch.deliveries?.map((delivery) => arrived(delivery, now()));
      const seen = deliveries ? { ...batch, deliveries } : batch;
      onCommit?.(seen, now());
      return store.commit(seen);
    },
  };
}

function arrived(delivery: Delivery, now: number): Delivery {
  return { ...delivery, status: 'delivered', attempts: 1, settledAt: now };
}

function placeOf({ partition, offset }: Position): string {
  return `${partition}/${offset}`;
}
