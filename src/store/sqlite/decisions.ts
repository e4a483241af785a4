import type { Sql } from '../../lib/sqlite.ts';
import type { Decision } from '../../model/decision.ts';
import { findAlert } from './alerts.ts';
import { findGroups, findGroupsOf } from './groups.ts';

/** Newest first: what was decided about a group, or about an alert and the groups that hold it. */
export function findDecisions(sql: Sql, tenant: string, subject: string, limit: number): readonly Decision[] {
  const alert = findAlert(sql, tenant, subject);
  const groups = alert
    ? findGroupsOf(sql, tenant, subject)
    : findGroups(sql, [subject]).filter((group) => group.tenant === tenant);
  return [...(alert?.decisions ?? []), ...groups.flatMap((group) => group.decisions)]
    .toSorted((left, right) => right.at - left.at)
    .slice(0, limit);
}
