import type { Migration } from './migration.ts';

/** What people are quiet about, and which firing alerts stand as sources of inhibitions. */
export const silences: Migration = {
  version: 2,
  name: 'silences',
  worksWith: 1,
  text: `
  CREATE TABLE silences (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    id TEXT COLLATE "C" PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    document TEXT NOT NULL
  );
  CREATE INDEX silences_by_end ON silences (ends_at);
  CREATE INDEX silences_by_start ON silences (starts_at, seq);

  CREATE TABLE inhibitors (
    tenant TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    two_sided BOOLEAN NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, key, two_sided, fingerprint)
  );
  CREATE INDEX inhibitors_by_alert ON inhibitors (tenant, fingerprint);
`,
};
