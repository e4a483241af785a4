import type { Decision } from '../../model/decision.ts';
import { findAlert } from './alerts.ts';
import { findGroups, findGroupsOf } from './groups.ts';
import type { Sql } from './sql.ts';

/** Newest first: what was decided about a group, or about an alert and the groups that hold it. */
export async function findDecisions(
  sql: Sql,
  tenant: string,
  subject: string,
  limit: number,
): Promise<readonly Decision[]> {
  const alert = await findAlert(sql, tenant, subject);
  const groups = alert
    ? await findGroupsOf(sql, tenant, subject)
    : (await findGroups(sql, [subject])).filter((group) => group.tenant === tenant);
  return [...(alert?.decisions ?? []), ...groups.flatMap((group) => group.decisions)]
    .toSorted((left, right) => right.at - left.at)
    .slice(0, limit);
}
