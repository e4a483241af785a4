import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** Relevance models with what they are to learn from, and what cost centers are charged with. Empty where neither is configured. */
export const scores: Migration = {
  version: 5,
  name: 'scores',
  up: (sql) =>
    sql.exec(`
      CREATE TABLE models (
        tenant TEXT PRIMARY KEY,
        updated_at INTEGER NOT NULL,
        document TEXT NOT NULL
      ) STRICT;

      CREATE TABLE outcomes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        scope INTEGER NOT NULL,
        document TEXT NOT NULL
      ) STRICT;

      CREATE TABLE costs (
        day INTEGER NOT NULL,
        tenant TEXT NOT NULL,
        cost_center TEXT NOT NULL,
        environment TEXT NOT NULL,
        namespace TEXT NOT NULL,
        business_unit TEXT NOT NULL,
        episodes INTEGER NOT NULL,
        PRIMARY KEY (day, tenant, cost_center, environment, namespace, business_unit)
      ) STRICT, WITHOUT ROWID;
    `),
};
