import { engineOf } from '../journal/engine.ts';
import { openKafkaJournal } from '../journal/kafka/journal.ts';
import { parseKafkaUrl } from '../journal/kafka/url.ts';
import type { Journal } from '../journal/port.ts';
import { openPostgresJournal } from '../journal/postgres/journal.ts';
import { parsePostgresJournalUrl } from '../journal/postgres/url.ts';
import { createIds } from '../lib/id.ts';

/** Makes tables or topics when they are not there. No cap counts here: what was acknowledged once must fit. */
export function openSharedJournal(url: string, now: () => number): Promise<Journal> {
  const newId = createIds(now);
  return engineOf(url) === 'kafka'
    ? openKafkaJournal({ settings: parseKafkaUrl(url), newId, now })
    : openPostgresJournal({ settings: parsePostgresJournalUrl(url), newId });
}
