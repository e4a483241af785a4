import type { Sql } from '../../lib/sqlite.ts';
import type { Decision } from '../../model/decision.ts';

const SAVE = `INSERT INTO decisions (tenant, subject, stage, rule, outcome, at, kept_at, count)
  VALUES (?, ?, ?, ?, ?, ?, ?, 1)
  ON CONFLICT (tenant, subject, stage, rule, outcome) DO UPDATE SET at = excluded.at, count = count + 1`;
const OF_SUBJECT = `SELECT tenant, subject, stage, rule, outcome, at, count FROM decisions
  WHERE tenant = ? AND subject = ? ORDER BY at DESC LIMIT ?`;

const KEY = 'tenant, subject, stage, rule, outcome';
const OLDEST = `SELECT ${KEY}, at FROM decisions WHERE kept_at < ? ORDER BY kept_at LIMIT ?`;
const DELETE = `DELETE FROM decisions WHERE (${KEY}) = (?, ?, ?, ?, ?)`;
const KEEP = `UPDATE decisions SET kept_at = ? WHERE (${KEY}) = (?, ?, ?, ?, ?)`;

export function saveDecision(sql: Sql, decision: Decision): void {
  sql.run(
    SAVE,
    decision.tenant,
    decision.subject,
    decision.stage,
    decision.rule,
    decision.outcome,
    decision.at,
    decision.at,
  );
}

/** Newest first. */
export function findDecisions(
  sql: Sql,
  tenant: string,
  subject: string,
  limit: number,
): readonly (Decision & { count: number })[] {
  return sql.all<Decision & { count: number }>(OF_SUBJECT, tenant, subject, limit).map((row) => ({ ...row }));
}

/** What was repeated since is put back and looked at again when that repeat is old. */
export function expireDecisions(sql: Sql, before: number, limit: number): number {
  return sql.transaction(() => {
    let deleted = 0;
    for (const { tenant, subject, stage, rule, outcome, at } of sql.all<Decision>(OLDEST, before, limit)) {
      if (at < before) deleted += sql.run(DELETE, tenant, subject, stage, rule, outcome);
      else sql.run(KEEP, at, tenant, subject, stage, rule, outcome);
    }
    return deleted;
  });
}
