import type { Migration } from '../../../store/postgres/migrations/migration.ts';

/**
 * Counters and batches are few rows that change all the time: room on their pages lets a change stay on its page, and their dead rows are cleared
 * early. Records are only added and removed; the default would wait until a fifth of a large table is dead.
 */
export const records: Migration = {
  version: 1,
  name: 'records',
  worksWith: 1,
  text: `
  CREATE TABLE journal_meta (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
  );

  CREATE TABLE journal_partitions (
    partition INTEGER PRIMARY KEY,
    first BIGINT NOT NULL,
    next BIGINT NOT NULL,
    bytes BIGINT NOT NULL
  ) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

  CREATE TABLE journal_records (
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    at BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (partition, "offset")
  ) WITH (autovacuum_vacuum_scale_factor = 0.05);

  CREATE TABLE journal_appends (
    writer TEXT COLLATE "C" NOT NULL,
    batch BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    ends BIGINT[] NOT NULL,
    PRIMARY KEY (writer, batch)
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
`,
};
