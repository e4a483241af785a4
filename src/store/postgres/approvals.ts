import type { Approval, ApprovalSubject } from '../../model/approval.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import { StaleApproval, type PendingApprovals } from '../port.ts';
import type { ApprovalQuery, Page } from '../reader.ts';
import { inOrder } from './batch.ts';
import { scanPage } from './page.ts';
import type { Sql } from './sql.ts';

/** Compares and sets: a row of another version stays as it is, and is not returned. */
const SAVE = `INSERT INTO approvals (id, tenant, state, subject_kind, subject_id, version, due_at, settled_at, document)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[])
  ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, due_at = excluded.due_at,
    settled_at = excluded.settled_at, document = excluded.document
  WHERE approvals.version = excluded.version - 1 RETURNING id`;
const FIND = 'SELECT document FROM approvals WHERE id = ANY ($1)';
const PENDING_ABOUT = `SELECT document FROM approvals WHERE subject_kind = $1 AND subject_id = $2 AND state = 'pending'
  ORDER BY seq DESC LIMIT $3`;
const DUE = 'SELECT document FROM approvals WHERE due_at <= $1 ORDER BY due_at, seq LIMIT $2';
const NEXT_DUE = 'SELECT min(due_at) AS at FROM approvals WHERE due_at IS NOT NULL';
const COUNT_PENDING = `SELECT subject_kind AS kind, count(*) AS count, min((document::json ->> 'requestedAt')::bigint) AS "oldestAt"
  FROM approvals WHERE state = 'pending' GROUP BY subject_kind`;
const OTHERS = '($2::text IS NULL OR tenant = $2) AND ($3::text IS NULL OR state = $3)';
const LIST = `SELECT seq, document FROM approvals WHERE seq < $1 AND ${OTHERS} ORDER BY seq DESC LIMIT $4`;
const LIST_PENDING = `SELECT seq, document FROM approvals WHERE state = 'pending' AND seq < $1 AND ${OTHERS}
  ORDER BY seq DESC LIMIT $4`;
const LIST_ABOUT = `SELECT seq, document FROM approvals WHERE subject_kind = $5 AND subject_id = $6 AND seq < $1 AND ${OTHERS}
  ORDER BY seq DESC LIMIT $4`;
const EXPIRE = `DELETE FROM approvals WHERE id IN (
  SELECT id FROM approvals WHERE settled_at < $1 ORDER BY settled_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** More questions about the same thing than this are never open at a time. */
const MAX_PENDING = 10;

export async function saveApprovals(sql: Sql, approvals: readonly Approval[]): Promise<void> {
  const rows = inOrder(approvals, ({ id }) => id);
  const saved = await sql.all<{ id: string }>(
    SAVE,
    rows.map(({ id }) => id),
    rows.map(({ tenant }) => tenant),
    rows.map(({ state }) => state),
    rows.map(({ subject }) => subject.kind),
    rows.map(({ subject }) => subject.id),
    rows.map(({ version }) => version),
    rows.map(({ dueAt }) => dueAt ?? null),
    rows.map(({ settledAt }) => settledAt ?? null),
    rows.map((approval) => JSON.stringify(approval)),
  );
  const known = new Set(saved.map(({ id }) => id));
  const stale = rows.find(({ id }) => !known.has(id));
  if (stale) throw new StaleApproval(`Approval ${stale.id} was changed by somebody else`);
}

export async function findApproval(sql: Sql, id: string): Promise<Approval | undefined> {
  return (await findApprovals(sql, [id]))[0];
}

export async function findApprovals(sql: Sql, ids: readonly string[]): Promise<readonly Approval[]> {
  return (await sql.all<DocumentRow>(FIND, ids)).map(parseApproval);
}

export function countPendingApprovals(sql: Sql): Promise<readonly PendingApprovals[]> {
  return sql.all<PendingApprovals>(COUNT_PENDING);
}

export async function findPendingApprovals(
  sql: Sql,
  { kind, id }: ApprovalSubject,
): Promise<readonly Approval[]> {
  return (await sql.all<DocumentRow>(PENDING_ABOUT, kind, id, MAX_PENDING)).map(parseApproval);
}

/** Earliest first. */
export async function findDueApprovals(sql: Sql, now: number, limit: number): Promise<readonly Approval[]> {
  return (await sql.all<DocumentRow>(DUE, now, limit)).map(parseApproval);
}

export async function nextApprovalDue(sql: Sql): Promise<number> {
  return (await sql.get<{ at: number | null }>(NEXT_DUE))!.at ?? Infinity;
}

/** Newest first. */
export async function listApprovals(sql: Sql, query: ApprovalQuery): Promise<Page<Approval>> {
  const { tenant = null, state = null, subject } = query;
  const list = subject ? LIST_ABOUT : state === 'pending' ? LIST_PENDING : LIST;
  const about = subject ? [subject.kind, subject.id] : [];
  return scanPage<DocumentRow & { seq: number }, Approval>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 1),
    read: ([seq], count) => sql.all(list, seq!, tenant, state, count, ...about),
    pick: parseApproval,
    keysOf: (row) => [row.seq],
  });
}

export async function expireApprovals(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(EXPIRE, before, limit);
}

function parseApproval(row: DocumentRow): Approval {
  return JSON.parse(row.document) as Approval;
}
