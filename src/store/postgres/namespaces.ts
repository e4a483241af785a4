import {
  namespaceKey,
  type NamespaceEntry,
  type NamespaceKey,
  type NamespaceRecord,
} from '../../model/namespace.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import type { NamespaceEntryQuery, NamespaceQuery, Page } from '../reader.ts';
import { newestInOrder } from './batch.ts';
import { scanPage } from './page.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO namespaces (tenant, cluster, namespace, state, environment, changed_at, document)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
  ON CONFLICT (tenant, cluster, namespace) DO UPDATE SET state = excluded.state, environment = excluded.environment,
    changed_at = excluded.changed_at, document = excluded.document`;
const SAVE_ENTRIES = `INSERT INTO namespace_entries (tenant, cluster, namespace, at, document)
  SELECT tenant, cluster, namespace, at, document
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[]) WITH ORDINALITY
    AS entry (tenant, cluster, namespace, at, document, position) ORDER BY position`;
const FIND = `SELECT n.document FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY
    AS wanted (tenant, cluster, namespace, position)
  JOIN namespaces n USING (tenant, cluster, namespace) ORDER BY position`;
const ACTIVE = `SELECT document FROM namespaces WHERE tenant = $1 AND cluster = $2 AND state = 'active' ORDER BY namespace`;
const LIST = `SELECT seq, changed_at, document FROM namespaces
  WHERE (changed_at, seq) < ($1, $2) AND ($3::text IS NULL OR tenant = $3) AND ($4::text IS NULL OR cluster = $4)
    AND ($5::text IS NULL OR namespace = $5) AND ($6::text IS NULL OR environment = $6) AND ($7::text IS NULL OR state = $7)
  ORDER BY changed_at DESC, seq DESC LIMIT $8`;
const LIST_ENTRIES = `SELECT seq, document FROM namespace_entries
  WHERE seq < $1 AND ($2::text IS NULL OR tenant = $2) AND ($3::text IS NULL OR cluster = $3) AND ($4::text IS NULL OR namespace = $4)
  ORDER BY seq DESC LIMIT $5`;
const EXPIRE_ENTRIES = `DELETE FROM namespace_entries WHERE seq IN (
  SELECT seq FROM namespace_entries WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)`;
const EXPIRE = `DELETE FROM namespaces WHERE seq IN (
  SELECT seq FROM namespaces WHERE state = 'deleted' AND changed_at < $1 ORDER BY changed_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

export async function saveNamespaces(sql: Sql, records: readonly NamespaceRecord[]): Promise<void> {
  const rows = newestInOrder(records, namespaceKey);
  await sql.run(
    SAVE,
    rows.map(({ tenant }) => tenant),
    rows.map(({ cluster }) => cluster),
    rows.map(({ namespace }) => namespace),
    rows.map(({ state }) => state),
    rows.map(({ environment }) => environment),
    rows.map(({ changedAt }) => changedAt),
    rows.map((record) => JSON.stringify(record)),
  );
}

export async function saveNamespaceEntries(sql: Sql, entries: readonly NamespaceEntry[]): Promise<void> {
  await sql.run(
    SAVE_ENTRIES,
    entries.map(({ tenant }) => tenant),
    entries.map(({ cluster }) => cluster),
    entries.map(({ namespace }) => namespace),
    entries.map(({ at }) => at),
    entries.map((entry) => JSON.stringify(entry)),
  );
}

export async function findNamespaces(
  sql: Sql,
  keys: readonly NamespaceKey[],
): Promise<readonly NamespaceRecord[]> {
  const rows = await sql.all<DocumentRow>(
    FIND,
    keys.map(({ tenant }) => tenant),
    keys.map(({ cluster }) => cluster),
    keys.map(({ namespace }) => namespace),
  );
  return rows.map(parseRecord);
}

export async function findActiveNamespaces(
  sql: Sql,
  tenant: string,
  cluster: string,
): Promise<readonly NamespaceRecord[]> {
  return (await sql.all<DocumentRow>(ACTIVE, tenant, cluster)).map(parseRecord);
}

/** The last changed first. */
export async function listNamespaces(sql: Sql, query: NamespaceQuery): Promise<Page<NamespaceRecord>> {
  const { tenant = null, cluster = null, namespace = null, environment = null, state = null } = query;
  return scanPage({
    limit: query.limit,
    start: decodeCursor(query.cursor, 2),
    read: ([changedAt, seq], count) =>
      sql.all<DocumentRow & { seq: number; changed_at: number }>(
        LIST,
        changedAt!,
        seq!,
        tenant,
        cluster,
        namespace,
        environment,
        state,
        count,
      ),
    pick: parseRecord,
    keysOf: (row) => [row.changed_at, row.seq],
  });
}

/** The last recorded first. */
export async function listNamespaceEntries(
  sql: Sql,
  query: NamespaceEntryQuery,
): Promise<Page<NamespaceEntry>> {
  const { tenant = null, cluster = null, namespace = null, isUnapproved } = query;
  return scanPage({
    limit: query.limit,
    start: decodeCursor(query.cursor, 1),
    read: ([seq], count) =>
      sql.all<DocumentRow & { seq: number }>(LIST_ENTRIES, seq!, tenant, cluster, namespace, count),
    pick(row) {
      const entry = JSON.parse(row.document) as NamespaceEntry;
      return isUnapproved && !entry.isUnapproved ? undefined : entry;
    },
    keysOf: (row) => [row.seq],
  });
}

/** Entries, and namespaces that are gone; those that are there stay. */
export async function expireNamespaces(sql: Sql, before: number, limit: number): Promise<number> {
  const entries = await sql.run(EXPIRE_ENTRIES, before, limit);
  return entries + (await sql.run(EXPIRE, before, limit - entries));
}

function parseRecord(row: DocumentRow): NamespaceRecord {
  return JSON.parse(row.document) as NamespaceRecord;
}
