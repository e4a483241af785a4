import { openConnections } from '../../store/postgres/pool.ts';
import { journalError } from './errors.ts';
import { usedBytes } from './records.ts';
import type { PostgresJournalSettings } from './url.ts';

/** What a journal in a database is like, for people. */
export interface JournalFacts {
  readonly partitions: number;
  readonly bytes: number;
  /** `off` here makes every append say `on` for itself; the server's `fsync` nobody can mend. */
  readonly isSynced: boolean;
}

const IS_THERE = `SELECT to_regclass('journal_partitions') IS NOT NULL AS found`;
const FACTS = `SELECT count(*)::int AS partitions, current_setting('fsync') = 'on' AS is_synced FROM journal_partitions`;

/** Looks and changes nothing; undefined where no node has made the journal yet. Rejects with `JournalUnavailable`. */
export async function inspectPostgresJournal({
  url,
}: PostgresJournalSettings): Promise<JournalFacts | undefined> {
  const connections = openConnections({ url, poolSize: 1, applicationName: 'signalbox-doctor' }, 'writer');
  try {
    return await connections.use(async (sql) => {
      const { found } = (await sql.get<{ found: boolean }>(IS_THERE))!;
      if (!found) return undefined;
      const facts = (await sql.get<{ partitions: number; is_synced: boolean }>(FACTS))!;
      return { partitions: facts.partitions, isSynced: facts.is_synced, bytes: await usedBytes(sql) };
    });
  } catch (error) {
    throw journalError(error);
  } finally {
    await connections.close();
  }
}
