import type { Migration } from './migration.ts';

/** Relevance models with what they are to learn from, and what cost centers are charged with. Empty where neither is configured. */
export const scores: Migration = {
  version: 5,
  name: 'scores',
  worksWith: 1,
  text: `
    CREATE TABLE models (
      tenant TEXT COLLATE "C" PRIMARY KEY,
      updated_at BIGINT NOT NULL,
      document TEXT NOT NULL
    );

    CREATE TABLE outcomes (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      scope INTEGER NOT NULL,
      document TEXT NOT NULL
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
    CREATE INDEX outcomes_of_scope ON outcomes (scope, id);

    CREATE TABLE costs (
      day INTEGER NOT NULL,
      tenant TEXT COLLATE "C" NOT NULL,
      cost_center TEXT COLLATE "C" NOT NULL,
      environment TEXT COLLATE "C" NOT NULL,
      namespace TEXT COLLATE "C" NOT NULL,
      business_unit TEXT COLLATE "C" NOT NULL,
      episodes BIGINT NOT NULL,
      PRIMARY KEY (day, tenant, cost_center, environment, namespace, business_unit)
    );
  `,
};
