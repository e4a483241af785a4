import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** `position` packs partition and offset (see `../records.ts`), so that one partition's records lie together, in order, without an index. */
export const records: Migration = {
  version: 1,
  name: 'records',
  up: (sql) =>
    sql.exec(`
      CREATE TABLE records (
        position INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        at INTEGER NOT NULL,
        value TEXT NOT NULL
      ) STRICT;
      CREATE TABLE floors (
        partition INTEGER PRIMARY KEY,
        floor INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;`),
};
