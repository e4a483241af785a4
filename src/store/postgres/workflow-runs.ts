import type { WorkflowRun } from '../../model/workflow-run.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import { StaleRun } from '../port.ts';
import type { Page, WorkflowRunQuery } from '../reader.ts';
import { inOrder } from './batch.ts';
import { scanPage } from './page.ts';
import type { Sql } from './sql.ts';

/** Compares and sets: a row of another version stays as it is, and is not returned. */
const SAVE = `INSERT INTO workflow_runs (id, tenant, status, rule, subject_kind, subject_id, version, due_at, ended_at, document)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
    $9::bigint[], $10::text[])
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, due_at = excluded.due_at,
    ended_at = excluded.ended_at, document = excluded.document
  WHERE workflow_runs.version = excluded.version - 1 RETURNING id`;
const FIND = 'SELECT document FROM workflow_runs WHERE id = ANY ($1)';
const DUE = 'SELECT document FROM workflow_runs WHERE due_at <= $1 ORDER BY due_at, seq LIMIT $2';
const NEXT_DUE = 'SELECT min(due_at) AS at FROM workflow_runs WHERE due_at IS NOT NULL';
const OTHERS =
  '($2::text IS NULL OR tenant = $2) AND ($3::text IS NULL OR status = $3) AND ($4::text IS NULL OR rule = $4)';
const LIST = `SELECT seq, document FROM workflow_runs WHERE seq < $1 AND ${OTHERS} ORDER BY seq DESC LIMIT $5`;
const LIST_ABOUT = `SELECT seq, document FROM workflow_runs WHERE subject_kind = $6 AND subject_id = $7 AND seq < $1
  AND ${OTHERS} ORDER BY seq DESC LIMIT $5`;
const EXPIRE = `DELETE FROM workflow_runs WHERE id IN (
  SELECT id FROM workflow_runs WHERE ended_at < $1 ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

export async function saveWorkflowRuns(sql: Sql, runs: readonly WorkflowRun[]): Promise<void> {
  const rows = inOrder(runs, ({ id }) => id);
  const saved = await sql.all<{ id: string }>(
    SAVE,
    rows.map(({ id }) => id),
    rows.map(({ tenant }) => tenant),
    rows.map(({ status }) => status),
    rows.map(({ rule }) => rule),
    rows.map(({ subject }) => subject.kind),
    rows.map(({ subject }) => subject.id),
    rows.map(({ version }) => version),
    rows.map(({ dueAt }) => dueAt ?? null),
    rows.map(({ endedAt }) => endedAt ?? null),
    rows.map((run) => JSON.stringify(run)),
  );
  const known = new Set(saved.map(({ id }) => id));
  const stale = rows.find(({ id }) => !known.has(id));
  if (stale) throw new StaleRun(`The workflow run ${stale.id} was changed by somebody else`);
}

export async function findWorkflowRun(sql: Sql, id: string): Promise<WorkflowRun | undefined> {
  return (await findWorkflowRuns(sql, [id]))[0];
}

export async function findWorkflowRuns(sql: Sql, ids: readonly string[]): Promise<readonly WorkflowRun[]> {
  return (await sql.all<DocumentRow>(FIND, ids)).map(parseRun);
}

/** Earliest first. */
export async function findDueWorkflowRuns(
  sql: Sql,
  now: number,
  limit: number,
): Promise<readonly WorkflowRun[]> {
  return (await sql.all<DocumentRow>(DUE, now, limit)).map(parseRun);
}

export async function nextWorkflowRunDue(sql: Sql): Promise<number> {
  return (await sql.get<{ at: number | null }>(NEXT_DUE))!.at ?? Infinity;
}

/** Newest first. */
export async function listWorkflowRuns(sql: Sql, query: WorkflowRunQuery): Promise<Page<WorkflowRun>> {
  const { tenant = null, status = null, rule = null, subject } = query;
  const about = subject ? [subject.kind, subject.id] : [];
  return scanPage<DocumentRow & { seq: number }, WorkflowRun>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 1),
    read: ([seq], count) => sql.all(subject ? LIST_ABOUT : LIST, seq!, tenant, status, rule, count, ...about),
    pick: parseRun,
    keysOf: (row) => [row.seq],
  });
}

export async function expireWorkflowRuns(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(EXPIRE, before, limit);
}

function parseRun(row: DocumentRow): WorkflowRun {
  return JSON.parse(row.document) as WorkflowRun;
}
