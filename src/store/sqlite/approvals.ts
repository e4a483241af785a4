import type { Sql } from '../../lib/sqlite.ts';
import type { Approval, ApprovalSubject } from '../../model/approval.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import { StaleApproval, type PendingApprovals } from '../port.ts';
import type { ApprovalQuery, Page } from '../reader.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

/** Compares and sets: a row of another version stays as it is. */
const SAVE = `INSERT INTO approvals (id, tenant, state, subject_kind, subject_id, version, due_at, settled_at, document)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, due_at = excluded.due_at,
    settled_at = excluded.settled_at, document = excluded.document
  WHERE approvals.version = excluded.version - 1`;
const FIND = 'SELECT document FROM approvals WHERE id = ?';
const PENDING_ABOUT = `SELECT document FROM approvals WHERE subject_kind = ? AND subject_id = ? AND state = 'pending'
  ORDER BY seq DESC LIMIT ?`;
const DUE = 'SELECT document FROM approvals WHERE due_at <= ? ORDER BY due_at, seq LIMIT ?';
const NEXT_DUE = 'SELECT min(due_at) AS at FROM approvals WHERE due_at IS NOT NULL';
const COUNT_PENDING = `SELECT subject_kind AS kind, count(*) AS count, min(document ->> '$.requestedAt') AS oldestAt
  FROM approvals WHERE state = 'pending' GROUP BY subject_kind`;
const OTHERS = '(?2 IS NULL OR tenant = ?2) AND (?3 IS NULL OR state = ?3)';
const LIST = `SELECT seq, document FROM approvals WHERE seq < ?1 AND ${OTHERS} ORDER BY seq DESC LIMIT ?4`;
const LIST_PENDING = `SELECT seq, document FROM approvals WHERE state = 'pending' AND seq < ?1 AND ${OTHERS}
  ORDER BY seq DESC LIMIT ?4`;
const LIST_ABOUT = `SELECT seq, document FROM approvals WHERE subject_kind = ?5 AND subject_id = ?6 AND seq < ?1 AND ${OTHERS}
  ORDER BY seq DESC LIMIT ?4`;
const EXPIRE = `DELETE FROM approvals WHERE seq IN (
  SELECT seq FROM approvals WHERE settled_at < ? ORDER BY settled_at LIMIT ?)`;

/** More questions about the same thing than this are never open at a time. */
const MAX_PENDING = 10;

export function saveApproval(sql: Sql, approval: Approval): void {
  const { id, tenant, state, subject, version, dueAt = null, settledAt = null } = approval;
  const row = [id, tenant, state, subject.kind, subject.id, version, dueAt, settledAt] as const;
  const changed = sql.run(SAVE, ...row, JSON.stringify(approval));
  if (changed === 0) throw new StaleApproval(`Approval ${id} was changed by somebody else`);
}

export function findApproval(sql: Sql, id: string): Approval | undefined {
  const row = sql.get<DocumentRow>(FIND, id);
  return row && parseApproval(row);
}

export function findPendingApprovals(sql: Sql, { kind, id }: ApprovalSubject): readonly Approval[] {
  return sql.all<DocumentRow>(PENDING_ABOUT, kind, id, MAX_PENDING).map(parseApproval);
}

/** Earliest first. */
export function findDueApprovals(sql: Sql, now: number, limit: number): readonly Approval[] {
  return sql.all<DocumentRow>(DUE, now, limit).map(parseApproval);
}

export function nextApprovalDue(sql: Sql): number {
  return sql.get<{ at: number | null }>(NEXT_DUE)!.at ?? Infinity;
}

export function countPendingApprovals(sql: Sql): readonly PendingApprovals[] {
  return sql.all<PendingApprovals>(COUNT_PENDING);
}

/** Newest first. */
export function listApprovals(sql: Sql, query: ApprovalQuery): Page<Approval> {
  const { tenant = null, state = null, subject, limit, cursor } = query;
  const [seq] = decodeCursor(cursor, 1) as [number];
  const rows = sql.each<DocumentRow & { seq: number }>(
    subject ? LIST_ABOUT : state === 'pending' ? LIST_PENDING : LIST,
    seq,
    tenant,
    state,
    SCAN_LIMIT,
    ...(subject ? [subject.kind, subject.id] : []),
  );
  return scanPage(rows, limit, parseApproval, (row) => [row.seq]);
}

export function expireApprovals(sql: Sql, before: number, limit: number): number {
  return sql.run(EXPIRE, before, limit);
}

function parseApproval(row: DocumentRow): Approval {
  return JSON.parse(row.document) as Approval;
}
