import { setImmediate as breathe } from 'node:timers/promises';
import type { LoadedConnectors } from '../host/load-connectors.ts';
import type { Settings } from '../model/settings.ts';
import { routeByKey } from '../pipeline/route-by-key.ts';
import type { Store } from '../store/port.ts';
import type { StoreReader } from '../store/reader.ts';
import { compareOutcomes, type Comparison } from './compare-outcomes.ts';
import type { FactsCounts } from './facts-book.ts';
import { createHoldBook } from './hold-book.ts';
import { createOutcomeBook, type Outcomes } from './outcomes.ts';
import { readRange, type RangeJournal } from './read-range.ts';
import { openAnswerBook } from './recorded-answers.ts';
import { openRehearsal } from './rehearsal.ts';
import { readSilenceHistory } from './silence-history.ts';

export interface BackTestInput {
  /** The candidate. */
  readonly settings: Settings;
  readonly connectors: LoadedConnectors['connectors'];
  /** Empty. */
  readonly store: Store;
  /** What was recorded; both are only read. */
  readonly journal: RangeJournal;
  readonly reader: Pick<StoreReader, 'notifications' | 'silenceVersions' | 'model' | 'prepared' | 'answers'>;
  /** Milliseconds since the epoch; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  /** So long before `from` records are replayed without being compared, so that the state is what it was. */
  readonly warmUpMs: number;
  readonly toleranceMs: number;
  readonly maxRecords: number;
  readonly maxDifferences: number;
  /** @param share from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface BackTest extends Comparison {
  readonly from: number;
  readonly to: number;
  /** Where the replay ended; before `to` when there were more records than it may read. */
  readonly until: number;
  readonly records: number;
  /** Of them, before `from`. */
  readonly warmUpRecords: number;
  /** Statements about alerts that enrichment was asked about, by whether the answers of then were there. */
  readonly enriched: FactsCounts;
  /** What a replay can't know, and so may be wrong about. */
  readonly unknown: readonly Unknown[];
}

export interface Unknown {
  readonly what: string;
  readonly count: number;
}

const SLICE_MS = 1_000;
const PAGE = 200;
/** What of notifications is read at most. */
const MAX_NOTIFICATIONS = 200_000;

/**
 * Replays what was recorded under another configuration and compares who would have been told with who was (BR-QUAL-014). Reads, and changes
 * nothing. The same records, configuration and range give the same report.
 */
export async function backTest(input: BackTestInput): Promise<BackTest> {
  const { settings, from, to } = input;
  const startAt = Math.max(0, from - input.warmUpMs);
  const book = createOutcomeBook();
  const holds = createHoldBook((key) => routeByKey(settings.route, key)?.receiver);
  const tenants = [...new Set(Object.values(settings.integrations).map(({ tenant }) => tenant))].toSorted();
  const learned = await Promise.all(tenants.map((tenant) => input.reader.model(tenant)));
  const history = await readSilenceHistory(input.reader, { from: startAt, to }, settings.maintenanceWindows);
  const rehearsal = await openRehearsal({
    settings,
    connectors: input.connectors,
    store: input.store,
    partitions: input.journal.partitions,
    repeats: input.journal.repeats,
    startAt,
    silences: history.atStart,
    silenceChanges: history.changes,
    answers: openAnswerBook(input.reader),
    models: learned.filter((model) => model !== undefined),
    onCommit(batch, now) {
      if (now >= from) for (const notification of batch.notifications ?? []) book.add(notification);
      holds.note(batch, now);
    },
  });
  let records = 0;
  let warmUpRecords = 0;
  let until = to;
  for await (const slice of readRange(input.journal, { from: startAt, to, sliceMs: SLICE_MS })) {
    input.signal?.throwIfAborted();
    if (records + slice.records.length > input.maxRecords) {
      until = slice.at;
      break;
    }
    // What falls due inside a slice goes before its records: times are right to a slice.
    await rehearsal.advance(slice.at);
    await rehearsal.take(slice.records);
    records += slice.records.length;
    if (slice.at < from) warmUpRecords += slice.records.length;
    input.onProgress?.((slice.at - startAt) / (to - startAt));
    // A reader of signals and progress gets its turn.
    await breathe();
  }
  await rehearsal.advance(until - 1);
  const real = await readReal(input, until);
  const comparison = compareOutcomes(real.outcomes, book.outcomes, {
    toleranceMs: input.toleranceMs,
    limit: input.maxDifferences,
    why: (outcome) => holds.why(outcome),
    facts: (outcome) => rehearsal.facts.of(outcome),
  });
  const unknown = [
    { what: 'statements without what enrichment found then', count: rehearsal.facts.counts.unknown },
    {
      what: 'changes of silences that were not read, because there are too many',
      count: history.isCut ? 1 : 0,
    },
    { what: 'alerts beyond what a notification names, in fact', count: real.outcomes.unnamed },
    { what: 'alerts beyond what a notification names, under the candidate', count: book.outcomes.unnamed },
    { what: 'notifications that were not read, because there are too many', count: real.left },
  ].filter(({ count }) => count > 0);
  const { counts: enriched } = rehearsal.facts;
  return { from, to, until, records, warmUpRecords, ...comparison, enriched: { ...enriched }, unknown };
}

async function readReal(
  { reader, from }: Pick<BackTestInput, 'reader' | 'from'>,
  until: number,
): Promise<{ readonly outcomes: Outcomes; readonly left: number }> {
  const book = createOutcomeBook();
  let cursor: string | undefined;
  let seen = 0;
  do {
    const page = await reader.notifications({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const notification of page.items) {
      const at = Date.parse(notification.createdAt);
      // Newest first, so nothing older follows.
      if (at < from) return { outcomes: book.outcomes, left: 0 };
      if (at < until) book.add(notification);
    }
    seen += page.items.length;
    cursor = page.next;
  } while (cursor !== undefined && seen < MAX_NOTIFICATIONS);
  return { outcomes: book.outcomes, left: cursor === undefined ? 0 : 1 };
}
