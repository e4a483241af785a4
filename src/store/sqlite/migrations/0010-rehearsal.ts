import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** What a replay has to know of then: what was prepared for records, and what silences and windows were. */
export const rehearsal: Migration = {
  version: 10,
  name: 'rehearsal',
  up: (sql) =>
    sql.exec(`
      CREATE TABLE prepared (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        partition INTEGER NOT NULL,
        first_offset INTEGER NOT NULL,
        next_offset INTEGER NOT NULL,
        now INTEGER NOT NULL,
        what TEXT NOT NULL
      ) STRICT;
      CREATE INDEX prepared_in_order ON prepared (partition, next_offset);

      CREATE TABLE prepared_answers (
        digest TEXT PRIMARY KEY,
        used_at INTEGER NOT NULL,
        text TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX prepared_answers_by_use ON prepared_answers (used_at);

      CREATE TABLE silence_versions (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        at INTEGER NOT NULL,
        until INTEGER NOT NULL,
        configured INTEGER NOT NULL,
        document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX silence_versions_of ON silence_versions (id, until);
      CREATE INDEX silence_versions_by_end ON silence_versions (until);
      -- Of older changes nothing is known, so each stands as it was left.
      INSERT INTO silence_versions (id, at, until, configured, document)
        SELECT id, min(starts_at, CAST(document ->> '$.updatedAt' AS INTEGER)), ends_at, 0, document FROM silences ORDER BY seq;
    `),
};
