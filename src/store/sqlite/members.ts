import type { AlertStatus } from '@signalbox/sdk';
import type { Sql } from '../../lib/sqlite.ts';
import type { Alert } from '../../model/alert.ts';
import type { Member } from '../../model/group.ts';
import { parseAlert, type DocumentRow } from '../alert-row.ts';

/** Saved after the group and the alert; one that the store does not have is left out. */
const SAVE = `INSERT INTO group_members (group_seq, alert_seq)
  SELECT g.seq, a.seq FROM groups g CROSS JOIN alerts a
  WHERE g.id = ? AND a.tenant = g.tenant AND a.fingerprint = ? ON CONFLICT DO NOTHING`;
const DELETE = `DELETE FROM group_members WHERE group_seq = (SELECT seq FROM groups WHERE id = ?1)
  AND alert_seq = (SELECT a.seq FROM groups g CROSS JOIN alerts a
    WHERE g.id = ?1 AND a.tenant = g.tenant AND a.fingerprint = ?2)`;
/** CROSS JOIN keeps the order of the tables: a planner without statistics would rather walk over all firing alerts. */
const ALERTS_OF_GROUP = `FROM groups g CROSS JOIN group_members m ON m.group_seq = g.seq
  CROSS JOIN alerts a ON a.seq = m.alert_seq WHERE g.id = ?`;
/** In the alphabet, too, firing comes before resolved. */
const FIND = `SELECT a.document ${ALERTS_OF_GROUP} ORDER BY a.status, a.starts_at, a.fingerprint LIMIT ?`;
const COUNT = `SELECT a.status, count(*) AS count ${ALERTS_OF_GROUP} GROUP BY a.status`;

export function saveMember(sql: Sql, member: Member): void {
  sql.run(SAVE, member.groupId, member.fingerprint);
}

export function deleteMember(sql: Sql, member: Member): void {
  sql.run(DELETE, member.groupId, member.fingerprint);
}

/** At most `limit` per group: firing first, then by start time. A group without alerts has an empty list. */
export function findMembers(
  sql: Sql,
  groupIds: readonly string[],
  limit: number,
): ReadonlyMap<string, readonly Alert[]> {
  return new Map(groupIds.map((id) => [id, sql.all<DocumentRow>(FIND, id, limit).map(parseAlert)]));
}

export function countMembers(
  sql: Sql,
  groupIds: readonly string[],
): ReadonlyMap<string, { firing: number; resolved: number }> {
  return new Map(
    groupIds.map((id) => {
      const counts = { firing: 0, resolved: 0 };
      for (const { status, count } of sql.all<{ status: AlertStatus; count: number }>(COUNT, id))
        counts[status] = count;
      return [id, counts];
    }),
  );
}
