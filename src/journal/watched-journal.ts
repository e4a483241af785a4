import { JournalFull, RecordTooLarge, type Journal, type NewRecord } from './port.ts';

/** A journal that remembers whether it can be written, for `/readyz` and the watchdog. */
export interface WatchedJournal extends Journal {
  /** Why the newest append failed; undefined when it went well. */
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
  let trouble: Trouble | undefined;
  /** A full journal may still take the hub's own small record, which says nothing about the signals that it refuses. */
  const isOver = ({ fullFor, refusedAt }: Trouble, records: readonly NewRecord[]): boolean =>
    fullFor === undefined || sizeOf(records) >= fullFor || now() - refusedAt >= FULL_MS;
  return {
    ...journal,
    get partitions() {
      return journal.partitions;
    },
    append(records) {
      const appended = journal.append(records);
      // One handler for both ends costs less than an async function on the intake's hot path.
      appended.then(
        () => {
          if (trouble && isOver(trouble, records)) trouble = undefined;
        },
        (error: unknown) => {
          // That one signal is to blame and not the journal.
          if (error instanceof RecordTooLarge) return;
          const reason = error instanceof Error ? error.message : String(error);
          trouble = {
            reason,
            since: trouble?.since ?? now(),
            refusedAt: now(),
            ...(error instanceof JournalFull ? { fullFor: sizeOf(records) } : {}),
          };
        },
      );
      return appended;
    },
    trouble: () => trouble,
  };
}

function sizeOf(records: readonly NewRecord[]): number {
  return records.reduce((total, { value }) => total + value.length, 0);
}
