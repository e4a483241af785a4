import type { Migration } from '../../../store/postgres/migrations/migration.ts';

/**
 * Partitions and writers are few rows that change all the time: room on their pages lets a change stay on its page, and their dead rows are cleared
 * early. A writer's batches have rising numbers, and the constraint refuses one that comes a second time or too late. Records are only added and removed; the default would wait until a fifth of a large table is dead.
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

  CREATE TABLE journal_writers (
    writer TEXT COLLATE "C" PRIMARY KEY,
    batch BIGINT NOT NULL,
    before BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    ends BIGINT[] NOT NULL,
    CONSTRAINT only_newer_batches CHECK (before < batch)
  ) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
`,
};
