import type { ScoreModel } from '../../model/score-model.ts';
import type { DocumentRow } from '../alert-row.ts';
import { newestInOrder } from './batch.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO models (tenant, updated_at, document) SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])
  ON CONFLICT (tenant) DO UPDATE SET updated_at = excluded.updated_at, document = excluded.document`;
const FIND = `SELECT m.document FROM unnest($1::text[]) WITH ORDINALITY AS wanted (tenant, position)
  JOIN models m ON m.tenant = wanted.tenant ORDER BY wanted.position`;

export async function saveModels(sql: Sql, models: readonly ScoreModel[]): Promise<void> {
  const rows = newestInOrder(models, ({ tenant }) => tenant);
  await sql.run(
    SAVE,
    rows.map(({ tenant }) => tenant),
    rows.map(({ updatedAt }) => updatedAt),
    rows.map((model) => JSON.stringify(model)),
  );
}

export async function findModels(sql: Sql, tenants: readonly string[]): Promise<readonly ScoreModel[]> {
  const rows = await sql.all<DocumentRow>(FIND, tenants);
  return rows.map(({ document }) => JSON.parse(document) as ScoreModel);
}
