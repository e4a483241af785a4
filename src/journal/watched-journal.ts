import { JournalFull, RecordTooLarge, type Journal, type NewRecord } from './port.ts';

/** A journal that remembers whether it can be written, for `/readyz` and the watchdog. */
export interface WatchedJournal extends Journal {
  /** Why the newest append failed, of the way that is in trouble longest; undefined when all go well. */
  trouble(): { readonly reason: string; readonly since: number } | undefined;
}

/** After so long without a refusal a journal is no longer called full, also when only small records came meanwhile. */
const FULL_MS = 60_000;

interface Trouble {
  readonly reason: string;
  readonly since: number;
  /** When the newest append was refused, and its size if that was the reason. */
  readonly refusedAt: number;
  readonly fullFor?: number;
}

export function watchJournal(journal: Journal, now: () => number): WatchedJournal {
  /** By way: what one of them takes says nothing about another one. */
  const troubles = new Map<number, Trouble>();
  const waysOf = (records: readonly NewRecord[]): ReadonlySet<number> =>
    new Set(records.map(({ key }) => journal.wayOf?.(key) ?? 0));
  /** A full journal may still take the hub's own small record, which says nothing about the signals that it refuses. */
  const isOver = ({ fullFor, refusedAt }: Trouble, records: readonly NewRecord[]): boolean =>
    fullFor === undefined || sizeOf(records) >= fullFor || now() - refusedAt >= FULL_MS;

  function noteTaken(records: readonly NewRecord[]): void {
    if (troubles.size === 0) return;
    for (const way of waysOf(records)) {
      const trouble = troubles.get(way);
      if (trouble && isOver(trouble, records)) troubles.delete(way);
    }
  }

  function noteRefused(records: readonly NewRecord[], error: unknown): void {
    // That one signal is to blame and not the journal.
    if (error instanceof RecordTooLarge) return;
    for (const way of waysOf(records)) {
      troubles.set(way, {
        reason: error instanceof Error ? error.message : String(error),
        since: troubles.get(way)?.since ?? now(),
        refusedAt: now(),
        ...(error instanceof JournalFull ? { fullFor: sizeOf(records) } : {}),
      });
    }
  }

  return {
    ...journal,
    get partitions() {
      return journal.partitions;
    },
    append(records) {
      const appended = journal.append(records);
      // One handler for both ends costs less than an async function on the intake's hot path.
      appended.then(
        () => noteTaken(records),
        (error: unknown) => noteRefused(records, error),
      );
      return appended;
    },
    trouble: () => troubles.values().next().value,
  };
}

function sizeOf(records: readonly NewRecord[]): number {
  return records.reduce((total, { value }) => total + value.length, 0);
}
