import { StoreUnavailable } from '../../store/port.ts';
import { JournalUnavailable } from '../port.ts';

/** The journal in the database is not the one that was asked for, or the database can't hold one. */
export class JournalMismatch extends Error {
  readonly code = 'journal_mismatch';
}

/** `journal.url` can't be read. The text is not repeated, because a password may stand in it. */
export class JournalSettingsError extends Error {
  readonly code = 'journal_settings';
}

/** The connections are the store's and speak of it; what they call trouble is the journal's here. */
export function journalError(error: unknown): unknown {
  if (!(error instanceof StoreUnavailable)) return error;
  return new JournalUnavailable(error.message, { cause: error });
}
