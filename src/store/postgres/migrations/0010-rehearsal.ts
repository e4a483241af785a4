import type { Migration } from './migration.ts';

/** What a replay has to know of then: what was prepared for records, and what silences and windows were. */
export const rehearsal: Migration = {
  version: 10,
  name: 'rehearsal',
  worksWith: 1,
  text: `
  CREATE TABLE prepared (
    partition INTEGER NOT NULL,
    first_offset BIGINT NOT NULL,
    next_offset BIGINT NOT NULL,
    now BIGINT NOT NULL,
    what TEXT NOT NULL
  ) PARTITION BY RANGE (now);
  CREATE INDEX prepared_in_order ON prepared (partition, next_offset);
  CREATE TABLE prepared_default PARTITION OF prepared DEFAULT;
  CREATE INDEX prepared_default_expiry ON prepared_default (now);

  CREATE TABLE prepared_answers (
    digest TEXT COLLATE "C" PRIMARY KEY,
    used_at BIGINT NOT NULL,
    text TEXT NOT NULL
  );
  CREATE INDEX prepared_answers_by_use ON prepared_answers (used_at);

  CREATE TABLE silence_versions (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    configured BOOLEAN NOT NULL,
    document TEXT NOT NULL
  );
  CREATE INDEX silence_versions_of ON silence_versions (id, until);
  CREATE INDEX silence_versions_by_end ON silence_versions (until);
  -- Of older changes nothing is known, so each stands as it was left.
  INSERT INTO silence_versions (id, at, until, configured, document)
    SELECT id, least(starts_at, (document::json ->> 'updatedAt')::bigint), ends_at, false, document FROM silences ORDER BY seq;
`,
};
