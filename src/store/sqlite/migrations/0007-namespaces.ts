import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** Namespaces with the record of their lives, and what was heard of them and is not compared yet. */
export const namespaces: Migration = {
  version: 7,
  name: 'namespaces',
  up: (sql) =>
    sql.exec(`
      CREATE TABLE namespaces (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        tenant TEXT NOT NULL,
        cluster TEXT NOT NULL,
        namespace TEXT NOT NULL,
        state TEXT NOT NULL,
        environment TEXT NOT NULL,
        changed_at INTEGER NOT NULL,
        document TEXT NOT NULL,
        UNIQUE (tenant, cluster, namespace)
      ) STRICT;
      CREATE INDEX namespaces_changed ON namespaces (changed_at, seq);

      CREATE TABLE namespace_entries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        tenant TEXT NOT NULL,
        cluster TEXT NOT NULL,
        namespace TEXT NOT NULL,
        at INTEGER NOT NULL,
        document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX namespace_entries_of ON namespace_entries (namespace, seq);
      CREATE INDEX namespace_entries_at ON namespace_entries (at);

      CREATE TABLE namespace_news (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        scope INTEGER NOT NULL,
        document TEXT NOT NULL
      ) STRICT;
    `),
};
