import type { AlertStatus } from '@signalbox/sdk';
import type { Alert } from '../../model/alert.ts';
import type { Member } from '../../model/group.ts';
import { parseAlert, type DocumentRow } from '../alert-row.ts';
import { newestInOrder } from './batch.ts';
import type { Sql } from './sql.ts';

/**
 * The limit changes nothing, since the key is unique, but keeps the planner from turning this into a join: before it has statistics it would
 * read all alerts of the tenant for every member.
 */
const ALERT_OF_MEMBER =
  'SELECT * FROM alerts WHERE tenant = g.tenant AND fingerprint = m.fingerprint LIMIT 1';
/** Saved after the group and the alert; one that the store does not have is left out. */
const SAVE = `INSERT INTO group_members (group_id, fingerprint)
  SELECT g.id, a.fingerprint FROM unnest($1::text[], $2::text[]) AS m (group_id, fingerprint)
    JOIN groups g ON g.id = m.group_id CROSS JOIN LATERAL (${ALERT_OF_MEMBER}) a
  ORDER BY g.id, a.fingerprint
  ON CONFLICT DO NOTHING`;
const DELETE = `DELETE FROM group_members m USING unnest($1::text[], $2::text[]) AS gone (group_id, fingerprint)
  WHERE m.group_id = gone.group_id AND m.fingerprint = gone.fingerprint`;
const ALERTS_OF_GROUP = `FROM groups g JOIN group_members m ON m.group_id = g.id
  CROSS JOIN LATERAL (${ALERT_OF_MEMBER}) a WHERE g.id = wanted.id`;
/** In the order of bytes, too, firing comes before resolved. */
const FIND = `SELECT wanted.id, member.document FROM unnest($1::text[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT a.document, a.status, a.starts_at, a.fingerprint ${ALERTS_OF_GROUP}
    ORDER BY a.status, a.starts_at, a.fingerprint LIMIT $2) member
  ORDER BY wanted.id, member.status, member.starts_at, member.fingerprint`;
const COUNT = `SELECT wanted.id, member.status, member.count FROM unnest($1::text[]) AS wanted (id) CROSS JOIN LATERAL (
  SELECT a.status, count(*) AS count ${ALERTS_OF_GROUP} GROUP BY a.status) member`;

export async function saveMembers(sql: Sql, members: readonly Member[]): Promise<void> {
  await sql.run(SAVE, ...columns(members));
}

export async function deleteMembers(sql: Sql, members: readonly Member[]): Promise<void> {
  await sql.run(DELETE, ...columns(members));
}

/** At most `limit` per group: firing first, then by start time. A group without alerts has an empty list. */
export async function findMembers(
  sql: Sql,
  groupIds: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, readonly Alert[]>> {
  const found = new Map<string, Alert[]>(groupIds.map((id) => [id, []]));
  for (const row of await sql.all<DocumentRow & { id: string }>(FIND, [...found.keys()], limit))
    found.get(row.id)!.push(parseAlert(row));
  return found;
}

export async function countMembers(
  sql: Sql,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, { firing: number; resolved: number }>> {
  const counts = new Map(groupIds.map((id) => [id, { firing: 0, resolved: 0 }]));
  for (const { id, status, count } of await sql.all<CountRow>(COUNT, [...counts.keys()]))
    counts.get(id)![status] = count;
  return counts;
}

interface CountRow {
  readonly id: string;
  readonly status: AlertStatus;
  readonly count: number;
}

function columns(members: readonly Member[]): [string[], string[]] {
  const rows = newestInOrder(members, ({ groupId, fingerprint }) => `${groupId}\0${fingerprint}`);
  return [rows.map(({ groupId }) => groupId), rows.map(({ fingerprint }) => fingerprint)];
}
