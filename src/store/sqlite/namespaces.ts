import type { Sql } from '../../lib/sqlite.ts';
import type { NamespaceEntry, NamespaceKey, NamespaceRecord } from '../../model/namespace.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import type { NamespaceEntryQuery, NamespaceQuery, Page } from '../reader.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

const SAVE = `INSERT INTO namespaces (tenant, cluster, namespace, state, environment, changed_at, document)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (tenant, cluster, namespace) DO UPDATE SET state = excluded.state, environment = excluded.environment,
    changed_at = excluded.changed_at, document = excluded.document`;
const SAVE_ENTRY =
  'INSERT INTO namespace_entries (tenant, cluster, namespace, at, document) VALUES (?, ?, ?, ?, ?)';
const FIND = 'SELECT document FROM namespaces WHERE tenant = ? AND cluster = ? AND namespace = ?';
const ACTIVE = `SELECT document FROM namespaces WHERE tenant = ? AND cluster = ? AND state = 'active' ORDER BY namespace`;
const LIST = `SELECT seq, changed_at, document FROM namespaces
  WHERE (changed_at, seq) < (?1, ?2) AND (?3 IS NULL OR tenant = ?3) AND (?4 IS NULL OR cluster = ?4)
    AND (?5 IS NULL OR namespace = ?5) AND (?6 IS NULL OR environment = ?6) AND (?7 IS NULL OR state = ?7)
  ORDER BY changed_at DESC, seq DESC LIMIT ?8`;
const LIST_ENTRIES = `SELECT seq, document FROM namespace_entries
  WHERE seq < ?1 AND (?2 IS NULL OR tenant = ?2) AND (?3 IS NULL OR cluster = ?3) AND (?4 IS NULL OR namespace = ?4)
  ORDER BY seq DESC LIMIT ?5`;
const EXPIRE_ENTRIES = `DELETE FROM namespace_entries WHERE seq IN (
  SELECT seq FROM namespace_entries WHERE at < ? ORDER BY at LIMIT ?)`;
const EXPIRE = `DELETE FROM namespaces WHERE seq IN (
  SELECT seq FROM namespaces WHERE state = 'deleted' AND changed_at < ? ORDER BY changed_at LIMIT ?)`;

export function saveNamespace(sql: Sql, record: NamespaceRecord): void {
  const { tenant, cluster, namespace, state, environment, changedAt } = record;
  sql.run(SAVE, tenant, cluster, namespace, state, environment, changedAt, JSON.stringify(record));
}

export function saveNamespaceEntry(sql: Sql, entry: NamespaceEntry): void {
  const { tenant, cluster, namespace, at } = entry;
  sql.run(SAVE_ENTRY, tenant, cluster, namespace, at, JSON.stringify(entry));
}

export function findNamespaces(sql: Sql, keys: readonly NamespaceKey[]): readonly NamespaceRecord[] {
  return keys.flatMap(({ tenant, cluster, namespace }) => {
    const row = sql.get<DocumentRow>(FIND, tenant, cluster, namespace);
    return row ? [parseRecord(row)] : [];
  });
}

export function findActiveNamespaces(sql: Sql, tenant: string, cluster: string): readonly NamespaceRecord[] {
  return sql.all<DocumentRow>(ACTIVE, tenant, cluster).map(parseRecord);
}

/** The last changed first. */
export function listNamespaces(sql: Sql, query: NamespaceQuery): Page<NamespaceRecord> {
  const [changedAt, seq] = decodeCursor(query.cursor, 2) as [number, number];
  const { tenant = null, cluster = null, namespace = null, environment = null, state = null } = query;
  const rows = sql.each<DocumentRow & { seq: number; changed_at: number }>(
    LIST,
    changedAt,
    seq,
    tenant,
    cluster,
    namespace,
    environment,
    state,
    SCAN_LIMIT,
  );
  return scanPage(rows, query.limit, parseRecord, (row) => [row.changed_at, row.seq]);
}

/** The last recorded first. */
export function listNamespaceEntries(sql: Sql, query: NamespaceEntryQuery): Page<NamespaceEntry> {
  const [seq] = decodeCursor(query.cursor, 1) as [number];
  const { tenant = null, cluster = null, namespace = null, isUnapproved } = query;
  const rows = sql.each<DocumentRow & { seq: number }>(
    LIST_ENTRIES,
    seq,
    tenant,
    cluster,
    namespace,
    SCAN_LIMIT,
  );
  const pick = (row: DocumentRow): NamespaceEntry | undefined => {
    const entry = JSON.parse(row.document) as NamespaceEntry;
    return isUnapproved && !entry.isUnapproved ? undefined : entry;
  };
  return scanPage(rows, query.limit, pick, (row) => [row.seq]);
}

/** Entries, and namespaces that are gone; those that are there stay. */
export function expireNamespaces(sql: Sql, before: number, limit: number): number {
  const entries = sql.run(EXPIRE_ENTRIES, before, limit);
  return entries + sql.run(EXPIRE, before, limit - entries);
}

function parseRecord(row: DocumentRow): NamespaceRecord {
  return JSON.parse(row.document) as NamespaceRecord;
}
