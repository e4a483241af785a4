import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** Incidents, their alerts, and what fold leaves for correlation. Nothing of it is written where nothing is correlated. */
export const incidents: Migration = {
  version: 4,
  name: 'incidents',
  up: (sql) =>
    sql.exec(`
      CREATE TABLE correlation_wakes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        scope_id TEXT NOT NULL,
        scope INTEGER NOT NULL,
        tenant TEXT NOT NULL,
        rule TEXT NOT NULL,
        fingerprint TEXT NOT NULL
      ) STRICT;

      CREATE TABLE incidents (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        scope_id TEXT NOT NULL,
        scope INTEGER NOT NULL,
        tenant TEXT NOT NULL,
        status TEXT NOT NULL,
        version INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        closed_at INTEGER,
        due_at INTEGER,
        document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX incidents_live ON incidents (scope_id, changed_at) WHERE status <> 'closed';
      CREATE INDEX incidents_unclosed ON incidents (seq) WHERE status <> 'closed';
      CREATE INDEX incidents_due ON incidents (due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX incidents_closed ON incidents (closed_at) WHERE status = 'closed';

      CREATE TABLE incident_members (
        seq INTEGER PRIMARY KEY,
        incident_id TEXT NOT NULL,
        tenant TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        status TEXT NOT NULL,
        joined_at INTEGER NOT NULL,
        UNIQUE (incident_id, fingerprint)
      ) STRICT;
      CREATE INDEX incident_members_of_alert ON incident_members (tenant, fingerprint);
    `),
};
