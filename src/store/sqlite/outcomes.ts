import type { Sql } from '../../lib/sqlite.ts';
import { modelScopeId, type Outcome } from '../../model/score-model.ts';
import { scopeOf } from '../../model/scope.ts';
import type { DocumentRow } from '../alert-row.ts';
import type { OutcomeRow } from '../port.ts';
import { jsonList } from './alerts.ts';

const SAVE = 'INSERT INTO outcomes (scope, document) VALUES (?, ?)';
const OLDEST = `SELECT id, document FROM outcomes
  WHERE ?1 IS NULL OR scope IN (SELECT value FROM json_each(?1)) ORDER BY id LIMIT ?2`;
const DONE = 'DELETE FROM outcomes WHERE id = ?';

export function saveOutcome(sql: Sql, outcome: Outcome): void {
  sql.run(SAVE, scopeOf(modelScopeId(outcome.tenant)), JSON.stringify(outcome));
}

export function readOutcomes(sql: Sql, limit: number, scopes?: readonly number[]): readonly OutcomeRow[] {
  return sql
    .all<DocumentRow & { readonly id: number }>(OLDEST, jsonList(scopes), limit)
    .map(({ id, document }) => ({ ...(JSON.parse(document) as Outcome), id }));
}

export function deleteOutcome(sql: Sql, id: number): void {
  sql.run(DONE, id);
}
