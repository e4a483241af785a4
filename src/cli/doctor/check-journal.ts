import { engineOf } from '../../journal/engine.ts';
import { inspectPostgresJournal } from '../../journal/postgres/inspect.ts';
import { parsePostgresJournalUrl } from '../../journal/postgres/url.ts';
import type { StorageSettings } from '../../model/settings.ts';
import { bytesText } from '../bytes-text.ts';
import { failed, ok, warning, type CheckResult } from './check-result.ts';

/** A journal this full refuses signals soon. */
const NEARLY_FULL = 0.8;

/** The journal in PostgreSQL, when it is there: that it can be reached and written, how full it is, and that its server syncs. */
export async function checkSharedJournal({
  journalUrl,
  journalMaxBytes,
}: StorageSettings): Promise<CheckResult | undefined> {
  if (journalUrl === undefined || engineOf(journalUrl) !== 'postgres') return undefined;
  const settings = parsePostgresJournalUrl(journalUrl);
  const found = await inspectPostgresJournal(settings);
  if (!found) return ok('no node has made the journal yet; the first start does');
  const { partitions, bytes, isSynced } = found;
  if (settings.partitions !== undefined && settings.partitions !== partitions) {
    return failed(
      `the journal has ${partitions} partitions, not ${settings.partitions}`,
      `set partitions=${partitions} in journal.url`,
    );
  }
  const detail = `${partitions} partitions hold ${bytesText(bytes)} of ${bytesText(journalMaxBytes)}`;
  if (!isSynced) {
    return failed(
      'the server of journal.url runs with fsync=off: a power cut loses what was acknowledged',
      'set fsync = on',
    );
  }
  if (bytes > NEARLY_FULL * journalMaxBytes) {
    return warning(detail, 'see why nothing is processed or trimmed, or raise journal.max_bytes');
  }
  return ok(detail);
}
