import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** What was handed to workflow engines, and how it went on. */
export const workflowRuns: Migration = {
  version: 9,
  name: 'workflow-runs',
  up: (sql) =>
    sql.exec(`
      CREATE TABLE workflow_runs (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        tenant TEXT NOT NULL,
        status TEXT NOT NULL,
        rule TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        due_at INTEGER,
        ended_at INTEGER,
        document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX workflow_runs_of_subject ON workflow_runs (subject_kind, subject_id, seq);
      CREATE INDEX workflow_runs_due ON workflow_runs (due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX workflow_runs_ended ON workflow_runs (ended_at) WHERE ended_at IS NOT NULL;
    `),
};
