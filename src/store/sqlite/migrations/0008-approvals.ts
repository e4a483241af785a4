import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** Decisions that wait for a person, and those that once did. */
export const approvals: Migration = {
  version: 8,
  name: 'approvals',
  up: (sql) =>
    sql.exec(`
      CREATE TABLE approvals (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        tenant TEXT NOT NULL,
        state TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        due_at INTEGER,
        settled_at INTEGER,
        document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX approvals_pending ON approvals (seq) WHERE state = 'pending';
      CREATE INDEX approvals_of_subject ON approvals (subject_kind, subject_id, seq);
      CREATE INDEX approvals_due ON approvals (due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX approvals_settled ON approvals (settled_at) WHERE settled_at IS NOT NULL;
    `),
};
