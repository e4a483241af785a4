import type { Migration } from './migration.ts';

/** Decisions that wait for a person, and those that once did. */
export const approvals: Migration = {
  version: 8,
  name: 'approvals',
  worksWith: 1,
  text: `
  CREATE TABLE approvals (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    id TEXT COLLATE "C" PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    due_at BIGINT,
    settled_at BIGINT,
    document TEXT NOT NULL
  );
  CREATE INDEX approvals_by_seq ON approvals (seq);
  CREATE INDEX approvals_pending ON approvals (seq) WHERE state = 'pending';
  CREATE INDEX approvals_of_subject ON approvals (subject_kind, subject_id, seq);
  CREATE INDEX approvals_due ON approvals (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX approvals_settled ON approvals (settled_at) WHERE settled_at IS NOT NULL;
`,
};
