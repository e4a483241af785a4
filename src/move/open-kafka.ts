import { openKafkaJournal } from '../journal/kafka/journal.ts';
import { parseKafkaUrl } from '../journal/kafka/url.ts';
import type { Journal } from '../journal/port.ts';
import { createIds } from '../lib/id.ts';

/** Makes the topics when they are not there. No cap counts here: what was acknowledged once must fit. */
export function openKafka(url: string, now: () => number): Promise<Journal> {
  return openKafkaJournal({ settings: parseKafkaUrl(url), newId: createIds(now), now });
}
