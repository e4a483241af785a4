import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** What people are quiet about, and which firing alerts stand as sources of inhibitions. */
export const silences: Migration = {
  version: 3,
  name: 'silences',
  up: (sql) =>
    sql.exec(`
      CREATE TABLE silences (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        tenant TEXT NOT NULL,
        kind TEXT NOT NULL,
        starts_at INTEGER NOT NULL,
        ends_at INTEGER NOT NULL,
        document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX silences_by_end ON silences (ends_at);
      CREATE INDEX silences_by_start ON silences (starts_at, seq);

      CREATE TABLE inhibitors (
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        two_sided INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        PRIMARY KEY (tenant, key, two_sided, fingerprint)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX inhibitors_by_alert ON inhibitors (tenant, fingerprint);
    `),
};
