import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Journal } from '../journal/port.ts';
import type { Position } from '../model/position.ts';
import { RETENTION_KINDS, type RetentionKind } from '../model/settings.ts';
import type { Store } from './port.ts';

/** How many rows of each kind went. */
export type RetentionCounts = Readonly<Record<RetentionKind, number>>;

export interface RetentionOptions {
  readonly store: Pick<Store, 'expire' | 'positions'>;
  /** Given only by the thread that writes the journal; without it the journal is left alone. */
  readonly journal?: Pick<Journal, 'offsetAt' | 'trim'>;
  /** How long things are kept after they are done, in milliseconds. */
  readonly retention: Readonly<Record<RetentionKind, number>>;
  readonly now: () => number;
  /** Rows per commit. Default 1,000: a few milliseconds each. */
  readonly batch?: number;
}

/** Bounds a pass; the next one goes on. */
const MAX_BATCHES = 100;
const BATCH = 1_000;

/** One bounded pass over all kinds and the journal. Between batches others get their turn. */
export async function runRetention(options: RetentionOptions): Promise<RetentionCounts> {
  const { store, journal, retention, batch = BATCH } = options;
  const now = options.now();
  const counts: Record<RetentionKind, number> = {
    journal: 0,
    alerts: 0,
    incidents: 0,
    notifications: 0,
    receipts: 0,
    inputs: 0,
    quarantine: 0,
    changes: 0,
    silences: 0,
    namespaces: 0,
    approvals: 0,
    workflow_runs: 0,
  };
  for (const kind of RETENTION_KINDS) {
    if (kind === 'journal') continue;
    counts[kind] = await expireKind(store, kind, now - retention[kind], batch);
  }
  if (journal) counts.journal = await trimJournal(journal, await store.positions(), now - retention.journal);
  return counts;
}

/**
 * Forgets records that are both processed and older than `before`. The positions were read before, so that a trim never passes
 * one, however old the records are.
 */
export async function trimJournal(
  journal: Pick<Journal, 'offsetAt' | 'trim'>,
  positions: readonly Position[],
  before: number,
): Promise<number> {
  let trimmed = 0;
  for (const { partition, offset } of positions) {
    trimmed += await journal.trim(partition, Math.min(offset, await journal.offsetAt(partition, before)));
  }
  return trimmed;
}

async function expireKind(
  store: Pick<Store, 'expire'>,
  kind: Exclude<RetentionKind, 'journal'>,
  before: number,
  batch: number,
): Promise<number> {
  let expired = 0;
  for (let round = 0; round < MAX_BATCHES; round++) {
    const gone = await store.expire(kind, before, batch);
    expired += gone;
    if (gone < batch) break;
    await nextTurn();
  }
  return expired;
}
