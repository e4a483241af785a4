/** What keeps a journal that several nodes share. */
export type JournalEngine = 'kafka' | 'postgres';

/** Which one `journal.url` names; the settings allow no other scheme. */
export function engineOf(journalUrl: string): JournalEngine {
  return journalUrl.startsWith('kafka:') ? 'kafka' : 'postgres';
}
