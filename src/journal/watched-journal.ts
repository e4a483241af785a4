import { RecordTooLarge, type Journal } from './port.ts';

/** A journal that remembers whether it can be written, for `/readyz` and the watchdog. */
export interface WatchedJournal extends Journal {
  /** Why the newest append failed; undefined when it went well. */
  trouble(): { readonly reason: string; readonly since: number } | undefined;
}

export function watchJournal(journal: Journal, now: () => number): WatchedJournal {
  let trouble: { reason: string; since: number } | undefined;
  return {
    ...journal,
    get partitions() {
      return journal.partitions;
    },
    append(records) {
      const appended = journal.append(records);
      // One handler for both ends costs less than an async function on the intake's hot path.
      appended.then(
        () => (trouble = undefined),
        (error: unknown) => {
          // That one signal is to blame and not the journal.
          if (error instanceof RecordTooLarge) return;
          const reason = error instanceof Error ? error.message : String(error);
          trouble = { reason, since: trouble?.since ?? now() };
        },
      );
      return appended;
    },
    trouble: () => trouble,
  };
}
