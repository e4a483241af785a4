import { modelScopeId, type Outcome } from '../../model/score-model.ts';
import { scopeOf } from '../../model/scope.ts';
import type { DocumentRow } from '../alert-row.ts';
import type { OutcomeRow } from '../port.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO outcomes (scope, document)
  SELECT scope, document FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS outcome (scope, document, position)
  ORDER BY position`;
const OLDEST = 'SELECT id, document FROM outcomes ORDER BY id LIMIT $1';
const OLDEST_OF_SCOPES = `SELECT o.id, o.document FROM unnest($1::int[]) AS own (scope) CROSS JOIN LATERAL (
    SELECT * FROM outcomes WHERE scope = own.scope ORDER BY id LIMIT $2) o
  ORDER BY o.id LIMIT $2`;
const DONE = 'DELETE FROM outcomes WHERE id = ANY ($1)';

export async function saveOutcomes(sql: Sql, outcomes: readonly Outcome[]): Promise<void> {
  await sql.run(
    SAVE,
    outcomes.map(({ tenant }) => scopeOf(modelScopeId(tenant))),
    outcomes.map((outcome) => JSON.stringify(outcome)),
  );
}

export async function readOutcomes(
  sql: Sql,
  limit: number,
  scopes?: readonly number[],
): Promise<readonly OutcomeRow[]> {
  type Row = DocumentRow & { readonly id: number };
  const rows = scopes
    ? await sql.all<Row>(OLDEST_OF_SCOPES, scopes, limit)
    : await sql.all<Row>(OLDEST, limit);
  return rows.map(({ id, document }) => ({ ...(JSON.parse(document) as Outcome), id }));
}

export async function deleteOutcomes(sql: Sql, ids: readonly number[]): Promise<void> {
  await sql.run(DONE, ids);
}
