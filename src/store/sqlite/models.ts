import type { Sql } from '../../lib/sqlite.ts';
import type { ScoreModel } from '../../model/score-model.ts';
import type { DocumentRow } from '../alert-row.ts';

const SAVE = `INSERT INTO models (tenant, updated_at, document) VALUES (?, ?, ?)
  ON CONFLICT (tenant) DO UPDATE SET updated_at = excluded.updated_at, document = excluded.document`;
const FIND = 'SELECT document FROM models WHERE tenant = ?';

export function saveModel(sql: Sql, model: ScoreModel): void {
  sql.run(SAVE, model.tenant, model.updatedAt, JSON.stringify(model));
}

export function findModels(sql: Sql, tenants: readonly string[]): readonly ScoreModel[] {
  return tenants.flatMap((tenant) => {
    const row = sql.get<DocumentRow>(FIND, tenant);
    return row ? [JSON.parse(row.document) as ScoreModel] : [];
  });
}
