import type { Sql } from '../../lib/sqlite.ts';
import { groupKeyOf } from '../../model/group-key.ts';
import type { Group } from '../../model/group.ts';
import { scopeOf } from '../../model/scope.ts';
import { decodeCursor } from '../cursor.ts';
import type { Page, StoreReader } from '../reader.ts';
import type { DocumentRow } from '../alert-row.ts';
import { findAlert, jsonList } from './alerts.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

const SAVE = `INSERT INTO groups (id, scope, tenant, receiver, flush_at, document) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET receiver = excluded.receiver, flush_at = excluded.flush_at,
    document = excluded.document`;
const END = 'UPDATE groups SET flush_at = NULL WHERE id = ?';
const DELETE_MEMBERS = 'DELETE FROM group_members WHERE group_seq = (SELECT seq FROM groups WHERE id = ?)';
const FIND = 'SELECT document FROM groups WHERE id = ? AND flush_at IS NOT NULL';
const FIND_SEQ = 'SELECT seq FROM groups WHERE id = ?';
const RESERVE = `INSERT INTO groups (id, scope, tenant, receiver, flush_at, document) VALUES (?, ?, ?, '', NULL, '{}')`;
const IN_SCOPES = '(?1 IS NULL OR scope IN (SELECT value FROM json_each(?1)))';
const DUE = `SELECT document FROM groups WHERE flush_at <= ?2 AND ${IN_SCOPES} ORDER BY flush_at LIMIT ?3`;
const AFTER = 'SELECT document FROM groups WHERE id > ? AND flush_at IS NOT NULL ORDER BY id LIMIT ?';
const NEXT_FLUSH = `SELECT min(flush_at) AS at FROM groups WHERE flush_at IS NOT NULL AND ${IN_SCOPES}`;
const LIST = `SELECT seq, receiver, document FROM groups WHERE seq < ? AND flush_at IS NOT NULL
  ORDER BY seq DESC LIMIT ?`;
const HOLDS = `SELECT 1 FROM groups g CROSS JOIN alerts a CROSS JOIN group_members m
  WHERE g.id = ? AND a.tenant = g.tenant AND a.fingerprint = ? AND m.group_seq = g.seq AND m.alert_seq = a.seq`;
const FORGET = `DELETE FROM groups WHERE seq IN (SELECT seq FROM (SELECT seq, flush_at FROM groups ORDER BY seq LIMIT ?) g
  WHERE flush_at IS NULL AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.group_seq = g.seq))`;
const COUNT = 'SELECT count(*) AS count FROM groups WHERE flush_at IS NOT NULL';

export function saveGroup(sql: Sql, group: Group): void {
  const document = JSON.stringify({ ...group, groupKey: undefined });
  sql.run(SAVE, group.id, scopeOf(group.id), group.tenant, group.receiver, group.flushAt, document);
}

/** The members of a group that is gone go with it. */
export function deleteGroup(sql: Sql, id: string): void {
  sql.run(DELETE_MEMBERS, id);
  sql.run(END, id);
}

/** The number of a group, which outlives it; undefined for one that was never saved, which then has no deliveries. */
export function findGroupSeq(sql: Sql, id: string): number | undefined {
  return sql.get<{ seq: number }>(FIND_SEQ, id)?.seq;
}

/** Likewise; reserved for one that was never saved. */
export function groupSeqOf(sql: Sql, id: string, tenant: string): number {
  const found = findGroupSeq(sql, id);
  if (found !== undefined) return found;
  sql.run(RESERVE, id, scopeOf(id), tenant);
  return findGroupSeq(sql, id)!;
}

/** Groups that are gone, and whose deliveries are gone as well. */
export function forgetGroups(sql: Sql, limit: number): void {
  sql.run(FORGET, limit);
}

export function findGroups(sql: Sql, ids: readonly string[]): readonly Group[] {
  return ids
    .map((id) => sql.get<DocumentRow>(FIND, id))
    .filter((row) => row !== undefined)
    .map(parseGroup);
}

/** Earliest first. */
export function findDueGroups(
  sql: Sql,
  now: number,
  limit: number,
  scopes?: readonly number[],
): readonly Group[] {
  return sql.all<DocumentRow>(DUE, jsonList(scopes), now, limit).map(parseGroup);
}

export function findGroupsAfter(sql: Sql, after: string, limit: number): readonly Group[] {
  return sql.all<DocumentRow>(AFTER, after, limit).map(parseGroup);
}

export function nextFlush(sql: Sql, scopes?: readonly number[]): number {
  return sql.get<{ at: number | null }>(NEXT_FLUSH, jsonList(scopes))!.at ?? Infinity;
}

/** Newest group first. */
export function listGroups(sql: Sql, query: Parameters<StoreReader['groups']>[0]): Page<Group> {
  const [seq] = decodeCursor(query.cursor, 1) as [number];
  return scanPage(
    sql.each<DocumentRow & { seq: number; receiver: string }>(LIST, seq, SCAN_LIMIT),
    query.limit,
    (row) => (query.receiver === undefined || row.receiver === query.receiver ? parseGroup(row) : undefined),
    (row) => [row.seq],
  );
}

/**
 * Groups that hold this alert: one per route that took it. The alert itself remembers where it was routed, which saves an
 * index that every commit would pay for.
 */
export function findGroupsOf(sql: Sql, tenant: string, fingerprint: string): readonly Group[] {
  const routed =
    findAlert(sql, tenant, fingerprint)?.decisions.filter(({ stage }) => stage === 'route') ?? [];
  const ids = [...new Set(routed.map(({ outcome }) => outcome))];
  return findGroups(
    sql,
    ids.filter((id) => sql.get(HOLDS, id, fingerprint) !== undefined),
  );
}

export function countGroups(sql: Sql): number {
  return sql.get<{ count: number }>(COUNT)!.count;
}

function parseGroup(row: DocumentRow): Group {
  const group = JSON.parse(row.document) as Omit<Group, 'groupKey'>;
  return { ...group, groupKey: groupKeyOf(group.routeKey, group.labels) };
}
