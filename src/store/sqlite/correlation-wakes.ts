import type { Sql } from '../../lib/sqlite.ts';
import type { CorrelationWake } from '../../model/incident.ts';
import { scopeOf } from '../../model/scope.ts';
import type { CorrelationWakeRow } from '../port.ts';
import { jsonList } from './alerts.ts';

const SAVE =
  'INSERT INTO correlation_wakes (scope_id, scope, tenant, rule, fingerprint) VALUES (?, ?, ?, ?, ?)';
const OLDEST = `SELECT * FROM correlation_wakes
  WHERE ?1 IS NULL OR scope IN (SELECT value FROM json_each(?1)) ORDER BY id LIMIT ?2`;
const DONE = 'DELETE FROM correlation_wakes WHERE id = ?';

export function saveCorrelationWake(sql: Sql, wake: CorrelationWake): void {
  sql.run(SAVE, wake.scopeId, scopeOf(wake.scopeId), wake.tenant, wake.rule, wake.fingerprint);
}

export function readCorrelationWakes(
  sql: Sql,
  limit: number,
  scopes?: readonly number[],
): readonly CorrelationWakeRow[] {
  return sql
    .all<Row>(OLDEST, jsonList(scopes), limit)
    .map(({ id, scope_id: scopeId, tenant, rule, fingerprint }) => ({
      id,
      scopeId,
      tenant,
      rule,
      fingerprint,
    }));
}

export function deleteCorrelationWake(sql: Sql, id: number): void {
  sql.run(DONE, id);
}

interface Row extends Omit<CorrelationWakeRow, 'scopeId'> {
  readonly scope_id: string;
}
