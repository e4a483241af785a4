import type { Migration } from './migration.ts';

/** Incidents, their alerts, and what fold leaves for correlation. Nothing of it is written where nothing is correlated. */
export const incidents: Migration = {
  version: 4,
  name: 'incidents',
  worksWith: 1,
  text: `
    CREATE TABLE correlation_wakes (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      scope_id TEXT NOT NULL,
      scope INTEGER NOT NULL,
      tenant TEXT NOT NULL,
      rule TEXT NOT NULL,
      fingerprint TEXT NOT NULL
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
    CREATE INDEX correlation_wakes_of_scope ON correlation_wakes (scope, id);

    CREATE TABLE incidents (
      seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
      id TEXT COLLATE "C" PRIMARY KEY,
      scope_id TEXT COLLATE "C" NOT NULL,
      scope INTEGER NOT NULL,
      tenant TEXT COLLATE "C" NOT NULL,
      status TEXT COLLATE "C" NOT NULL,
      version BIGINT NOT NULL,
      changed_at BIGINT NOT NULL,
      closed_at BIGINT,
      due_at BIGINT,
      document TEXT NOT NULL
    );
    CREATE INDEX incidents_live ON incidents (scope_id, changed_at) WHERE status <> 'closed';
    CREATE INDEX incidents_unclosed ON incidents (seq) WHERE status <> 'closed';
    CREATE INDEX incidents_due ON incidents (scope, due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX incidents_closed ON incidents (closed_at) WHERE status = 'closed';

    CREATE TABLE incident_members (
      seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
      incident_id TEXT COLLATE "C" NOT NULL,
      tenant TEXT COLLATE "C" NOT NULL,
      fingerprint TEXT COLLATE "C" NOT NULL,
      status TEXT NOT NULL,
      joined_at BIGINT NOT NULL,
      PRIMARY KEY (incident_id, fingerprint)
    );
    CREATE INDEX incident_members_of_alert ON incident_members (tenant, fingerprint);
  `,
};
