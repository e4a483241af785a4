import type { Migration } from './migration.ts';

/** Namespaces with the record of their lives, and what was heard of them and is not compared yet. */
export const namespaces: Migration = {
  version: 7,
  name: 'namespaces',
  worksWith: 1,
  text: `
    CREATE TABLE namespaces (
      seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
      tenant TEXT COLLATE "C" NOT NULL,
      cluster TEXT COLLATE "C" NOT NULL,
      namespace TEXT COLLATE "C" NOT NULL,
      state TEXT NOT NULL,
      environment TEXT NOT NULL,
      changed_at BIGINT NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (tenant, cluster, namespace)
    );
    CREATE INDEX namespaces_changed ON namespaces (changed_at, seq);

    CREATE TABLE namespace_entries (
      seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant TEXT COLLATE "C" NOT NULL,
      cluster TEXT COLLATE "C" NOT NULL,
      namespace TEXT COLLATE "C" NOT NULL,
      at BIGINT NOT NULL,
      document TEXT NOT NULL
    );
    CREATE INDEX namespace_entries_of ON namespace_entries (namespace, seq);
    CREATE INDEX namespace_entries_at ON namespace_entries (at);

    CREATE TABLE namespace_news (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      scope INTEGER NOT NULL,
      document TEXT NOT NULL
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
    CREATE INDEX namespace_news_of_scope ON namespace_news (scope, id);
  `,
};
