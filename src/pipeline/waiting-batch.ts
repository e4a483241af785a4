import type { KnownAnswers } from '../enrichment/look-up.ts';
import type { Enrichments } from '../enrichment/open-enrichments.ts';
import type { JournalRecord } from '../journal/port.ts';
import type { Preparing } from './prepare-batch.ts';

/** Consecutive records of one partition. */
export interface Stretch {
  readonly partition: number;
  readonly from: number;
  /** The next offset after them. */
  readonly to: number;
  readonly records: readonly JournalRecord[];
}

/**
 * Where the next batch stands while enrichment is asked about it, so that a source that hangs holds up nothing but the batch: what was decided
 * before goes on being flushed and delivered (BR-PERF-008).
 */
export interface WaitingDesk {
  batch?: WaitingBatch;
}

interface WaitingBatch {
  readonly stretches: readonly Stretch[];
  /** When the newest record was received, of the partition that is furthest behind. */
  readonly oldestAt: number;
  /** Which were asked; a reload opens others. */
  readonly enrichments: Enrichments;
  readonly over: Promise<void>;
  isOver: boolean;
  answers(): KnownAnswers;
}

/** @returns resolves when the answers are there, or nobody waits for them any longer */
export function letWait(
  desk: WaitingDesk,
  asked: Pick<WaitingBatch, 'stretches' | 'oldestAt' | 'enrichments'> & {
    readonly preparing: Preparing<unknown>;
  },
): Promise<void> {
  const { preparing, ...what } = asked;
  const over = Promise.resolve(preparing.over).then(() => void (batch.isOver = true));
  const batch: WaitingBatch = { ...what, over, isOver: false, answers: preparing.answers };
  desk.batch = batch;
  return over;
}

/** The batch that stands there, unless it was folded since, its partitions have another owner, or others are to be asked. */
export function findWaiting(
  desk: WaitingDesk,
  positions: ReadonlyMap<number, number>,
  enrichments: Enrichments,
): WaitingBatch | undefined {
  const { batch } = desk;
  const isNext =
    batch?.enrichments === enrichments &&
    batch.stretches.every(({ partition, from }) => positions.get(partition) === from);
  if (!isNext) delete desk.batch;
  return desk.batch;
}
