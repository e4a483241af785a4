import type { Sql } from '../../lib/sqlite.ts';
import type { WorkflowRun } from '../../model/workflow-run.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import { StaleRun } from '../port.ts';
import type { Page, WorkflowRunQuery } from '../reader.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

/** Compares and sets: a row of another version stays as it is. */
const SAVE = `INSERT INTO workflow_runs (id, tenant, status, rule, subject_kind, subject_id, version, due_at, ended_at, document)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, due_at = excluded.due_at,
    ended_at = excluded.ended_at, document = excluded.document
  WHERE workflow_runs.version = excluded.version - 1`;
const FIND = 'SELECT document FROM workflow_runs WHERE id = ?';
const DUE = 'SELECT document FROM workflow_runs WHERE due_at <= ? ORDER BY due_at, seq LIMIT ?';
const NEXT_DUE = 'SELECT min(due_at) AS at FROM workflow_runs WHERE due_at IS NOT NULL';
const OTHERS = '(?2 IS NULL OR tenant = ?2) AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR rule = ?4)';
const LIST = `SELECT seq, document FROM workflow_runs WHERE seq < ?1 AND ${OTHERS} ORDER BY seq DESC LIMIT ?5`;
const LIST_ABOUT = `SELECT seq, document FROM workflow_runs WHERE subject_kind = ?6 AND subject_id = ?7 AND seq < ?1
  AND ${OTHERS} ORDER BY seq DESC LIMIT ?5`;
const EXPIRE = `DELETE FROM workflow_runs WHERE seq IN (
  SELECT seq FROM workflow_runs WHERE ended_at < ? ORDER BY ended_at LIMIT ?)`;

export function saveWorkflowRun(sql: Sql, run: WorkflowRun): void {
  const { id, tenant, status, rule, subject, version, dueAt = null, endedAt = null } = run;
  const row = [id, tenant, status, rule, subject.kind, subject.id, version, dueAt, endedAt] as const;
  const changed = sql.run(SAVE, ...row, JSON.stringify(run));
  if (changed === 0) throw new StaleRun(`The workflow run ${id} was changed by somebody else`);
}

export function findWorkflowRun(sql: Sql, id: string): WorkflowRun | undefined {
  const row = sql.get<DocumentRow>(FIND, id);
  return row && parseRun(row);
}

export function findWorkflowRuns(sql: Sql, ids: readonly string[]): readonly WorkflowRun[] {
  return ids.map((id) => findWorkflowRun(sql, id)).filter((run) => run !== undefined);
}

/** Earliest first. */
export function findDueWorkflowRuns(sql: Sql, now: number, limit: number): readonly WorkflowRun[] {
  return sql.all<DocumentRow>(DUE, now, limit).map(parseRun);
}

export function nextWorkflowRunDue(sql: Sql): number {
  return sql.get<{ at: number | null }>(NEXT_DUE)!.at ?? Infinity;
}

/** Newest first. */
export function listWorkflowRuns(sql: Sql, query: WorkflowRunQuery): Page<WorkflowRun> {
  const { tenant = null, status = null, rule = null, subject, limit, cursor } = query;
  const [seq] = decodeCursor(cursor, 1) as [number];
  const rows = sql.each<DocumentRow & { seq: number }>(
    subject ? LIST_ABOUT : LIST,
    seq,
    tenant,
    status,
    rule,
    SCAN_LIMIT,
    ...(subject ? [subject.kind, subject.id] : []),
  );
  return scanPage(rows, limit, parseRun, (row) => [row.seq]);
}

export function expireWorkflowRuns(sql: Sql, before: number, limit: number): number {
  return sql.run(EXPIRE, before, limit);
}

function parseRun(row: DocumentRow): WorkflowRun {
  return JSON.parse(row.document) as WorkflowRun;
}
