import { groupKeyOf } from '../../model/group-key.ts';
import type { Group } from '../../model/group.ts';
import { SCOPES, scopeOf } from '../../model/scope.ts';
import { decodeCursor } from '../cursor.ts';
import type { Page, StoreReader } from '../reader.ts';
import type { DocumentRow } from '../alert-row.ts';
import { findAlert } from './alerts.ts';
import { newestInOrder } from './batch.ts';
import { scanPage } from './page.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO groups (id, scope, tenant, receiver, flush_at, document)
  SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::text[])
  ON CONFLICT (id) DO UPDATE SET receiver = excluded.receiver, flush_at = excluded.flush_at,
    document = excluded.document`;
const DELETE_MEMBERS = 'DELETE FROM group_members WHERE group_id = ANY ($1)';
const DELETE = 'DELETE FROM groups WHERE id = ANY ($1)';
const FIND = `SELECT g.document FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, position)
  JOIN groups g USING (id) ORDER BY position`;
/** Each scope is one stretch of the index, read no further than the limit. */
const DUE = `SELECT g.document FROM unnest($1::int[]) AS own (scope) CROSS JOIN LATERAL (
    SELECT document, flush_at, seq FROM groups WHERE scope = own.scope AND flush_at <= $2 ORDER BY flush_at LIMIT $3) g
  ORDER BY g.flush_at, g.seq LIMIT $3`;
const NEXT_FLUSH = `SELECT min(g.flush_at) AS at FROM unnest($1::int[]) AS own (scope) CROSS JOIN LATERAL (
  SELECT flush_at FROM groups WHERE scope = own.scope ORDER BY flush_at LIMIT 1) g`;
const AFTER = 'SELECT document FROM groups WHERE id > $1 ORDER BY id LIMIT $2';
const LIST = 'SELECT seq, receiver, document FROM groups WHERE seq < $1 ORDER BY seq DESC LIMIT $2';
const HOLDING = `SELECT g.document FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, position)
  JOIN groups g USING (id) JOIN group_members m ON m.group_id = g.id AND m.fingerprint = $3
  WHERE g.tenant = $2 ORDER BY position`;
const COUNT = 'SELECT count(*) AS count FROM groups';

const ALL_SCOPES: readonly number[] = Array.from({ length: SCOPES }, (_, scope) => scope);

export async function saveGroups(sql: Sql, groups: readonly Group[]): Promise<void> {
  const rows = newestInOrder(groups, ({ id }) => id);
  await sql.run(
    SAVE,
    rows.map(({ id }) => id),
    rows.map(({ id }) => scopeOf(id)),
    rows.map(({ tenant }) => tenant),
    rows.map(({ receiver }) => receiver),
    rows.map(({ flushAt }) => flushAt),
    rows.map((group) => JSON.stringify({ ...group, groupKey: undefined })),
  );
}

/** The members of a group that is gone go with it. */
export async function deleteGroups(sql: Sql, ids: readonly string[]): Promise<void> {
  await Promise.all([sql.run(DELETE_MEMBERS, ids), sql.run(DELETE, ids)]);
}

export async function findGroups(sql: Sql, ids: readonly string[]): Promise<readonly Group[]> {
  return (await sql.all<DocumentRow>(FIND, ids)).map(parseGroup);
}

/** Earliest first. */
export async function findDueGroups(
  sql: Sql,
  now: number,
  limit: number,
  scopes: readonly number[] = ALL_SCOPES,
): Promise<readonly Group[]> {
  return (await sql.all<DocumentRow>(DUE, scopes, now, limit)).map(parseGroup);
}

export async function findGroupsAfter(sql: Sql, after: string, limit: number): Promise<readonly Group[]> {
  return (await sql.all<DocumentRow>(AFTER, after, limit)).map(parseGroup);
}

export async function nextFlush(sql: Sql, scopes: readonly number[] = ALL_SCOPES): Promise<number> {
  return (await sql.get<{ at: number | null }>(NEXT_FLUSH, scopes))!.at ?? Infinity;
}

/** Newest group first. */
export async function listGroups(
  sql: Sql,
  query: Parameters<StoreReader['groups']>[0],
): Promise<Page<Group>> {
  return scanPage<DocumentRow & { seq: number; receiver: string }, Group>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 1),
    read: ([seq], count) => sql.all(LIST, seq!, count),
    pick: (row) =>
      query.receiver === undefined || row.receiver === query.receiver ? parseGroup(row) : undefined,
    keysOf: (row) => [row.seq],
  });
}

/**
 * Groups that hold this alert: one per route that took it. The alert itself remembers where it was routed, which saves an
 * index that every commit would pay for.
 */
export async function findGroupsOf(sql: Sql, tenant: string, fingerprint: string): Promise<readonly Group[]> {
  const alert = await findAlert(sql, tenant, fingerprint);
  const routed = alert?.decisions.filter(({ stage }) => stage === 'route') ?? [];
  const ids = [...new Set(routed.map(({ outcome }) => outcome))];
  return (await sql.all<DocumentRow>(HOLDING, ids, tenant, fingerprint)).map(parseGroup);
}

export async function countGroups(sql: Sql): Promise<number> {
  return (await sql.get<{ count: number }>(COUNT))!.count;
}

function parseGroup(row: DocumentRow): Group {
  const group = JSON.parse(row.document) as Omit<Group, 'groupKey'>;
  return { ...group, groupKey: groupKeyOf(group.routeKey, group.labels) };
}
