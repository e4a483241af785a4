import type { Migration } from './migration.ts';

/** What was handed to workflow engines, and how it went on. */
export const workflowRuns: Migration = {
  version: 9,
  name: 'workflow-runs',
  worksWith: 1,
  text: `
  CREATE TABLE workflow_runs (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    id TEXT COLLATE "C" PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL,
    status TEXT NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    due_at BIGINT,
    ended_at BIGINT,
    document TEXT NOT NULL
  );
  CREATE INDEX workflow_runs_by_seq ON workflow_runs (seq);
  CREATE INDEX workflow_runs_of_subject ON workflow_runs (subject_kind, subject_id, seq);
  CREATE INDEX workflow_runs_due ON workflow_runs (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX workflow_runs_ended ON workflow_runs (ended_at) WHERE ended_at IS NOT NULL;
`,
};
