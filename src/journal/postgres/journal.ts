import { SchemaTooNew } from '../../lib/sqlite-migrations.ts';
import { migrateDatabase } from '../../store/postgres/migrate.ts';
import { openConnections, type PostgresOptions } from '../../store/postgres/pool.ts';
import type { Sql } from '../../store/postgres/sql.ts';
import { JournalUnavailable, type Journal } from '../port.ts';
import { createAppendQueue } from './append-queue.ts';
import { JournalMismatch, journalError } from './errors.ts';
import { followEnds } from './follower.ts';
import { nameJournal } from './identity.ts';
import { JOURNAL_MIGRATIONS } from './migrations/list.ts';
import { createReader } from './reader.ts';
import { boundsOf, offsetAt, usedBytes } from './records.ts';
import { createSender } from './sender.ts';
import { forgetOldWriters, trimBatch } from './trim.ts';
import type { PostgresJournalSettings } from './url.ts';
import { createUsage } from './usage.ts';

export interface PostgresJournalOptions extends Pick<PostgresOptions, 'applicationName'> {
  readonly settings: PostgresJournalSettings;
  /** Cap on the bytes of kept records; none by default. */
  readonly maxBytes?: number;
  /** Makes the cluster id and the generation of a new journal, and the name of this process among those that append. */
  readonly newId: () => string;
  /** An append that is not acknowledged after this long is refused. Default 10 s. */
  readonly appendTimeoutMs?: number;
  /**
   * Records came, also those of other nodes: whoever sleeps may read. With it the journal follows the ends, and a read may call a partition
   * at its end until the news of another node's append has come, a second later at most.
   */
  readonly onRecords?: () => void;
}

const APPEND_TIMEOUT_MS = 10_000;
const READ_BYTES = 8 * 1024 * 1024;
/** Appends, reads, and what people and the retention ask, none of them often at once. */
const POOL_SIZE = 4;
/** Longer than the longest batch takes on a busy server, and short enough for a second try within the time of an append. */
const STATEMENT_TIMEOUT_MS = 5_000;

/**
 * The journal in a PostgreSQL database that several nodes share. Rejects with `JournalMismatch` when it is not what the settings say, and with
 * `JournalUnavailable` when the server can't be reached.
 *
 * @example const journal = await openPostgresJournal({ settings: parsePostgresJournalUrl('postgres://hub@db/ops'), newId });
 */
export async function openPostgresJournal(options: PostgresJournalOptions): Promise<Journal> {
  const { settings, newId, maxBytes = Infinity, applicationName } = options;
  const names = applicationName === undefined ? {} : { applicationName };
  const connections = openConnections(
    { url: settings.url, poolSize: POOL_SIZE, statementTimeoutMs: STATEMENT_TIMEOUT_MS, ...names },
    'writer',
  );
  const ask = async <Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> => {
    try {
      return await connections.use(work);
    } catch (error) {
      throw journalError(error);
    }
  };
  const usage = createUsage(() => ask(usedBytes), maxBytes);
  const { identity, partitions } = await (async () => {
    try {
      await ask((sql) => migrateDatabase(sql, JOURNAL_MIGRATIONS, 'journal'));
      await usage.measure();
      return await ask((sql) => nameJournal(sql, settings.partitions, newId));
    } catch (error) {
      await connections.close();
      throw error instanceof SchemaTooNew ? new JournalMismatch(error.message, { cause: error }) : error;
    }
  })();
  const follower =
    options.onRecords &&
    followEnds({ url: settings.url, connections, onRecords: options.onRecords, ...names });
  const read = createReader(connections, follower);
  const appends = createAppendQueue({
    partitions,
    send: createSender(connections, newId(), options.appendTimeoutMs ?? APPEND_TIMEOUT_MS),
    whyFull: usage.whyFull,
    onWritten({ ends, used }, bytes) {
      usage.note(used, bytes);
      for (const [partition, end] of ends) follower?.noteEnd(partition, end);
    },
  });
  let closing: Promise<void> | undefined;
  const assertOpen = (): void => {
    if (closing) throw new JournalUnavailable('The journal on PostgreSQL is closed');
  };
  const open = async <Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> => {
    assertOpen();
    return ask(work);
  };

  return {
    partitions,
    identity: async () => identity,
    append: appends.append,
    async read(partition, offset, limit, bytes = READ_BYTES) {
      try {
        return await read(partition, offset, limit, bytes);
      } catch (error) {
        throw journalError(error);
      }
    },
    async end(partition) {
      const { next } = await open((sql) => boundsOf(sql, partition));
      follower?.noteEnd(partition, next);
      return next;
    },
    offsetAt: (partition, at) => open((sql) => offsetAt(sql, partition, at)),
    async bytes() {
      assertOpen();
      return usage.measure();
    },
    async trim(partition, offset) {
      let trimmed = 0;
      for (;;) {
        const batch = await open((sql) => trimBatch(sql, partition, offset));
        if (batch === 0) break;
        trimmed += batch;
      }
      await open(forgetOldWriters);
      await usage.measure();
      return trimmed;
    },
    close: () =>
      (closing ??= (async () => {
        await appends.close();
        await follower?.close();
        await connections.close();
      })()),
  };
}
