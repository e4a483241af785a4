import type { Sql } from '../../lib/sqlite.ts';
import { namespaceScopeId, type NamespaceNews } from '../../model/namespace.ts';
import { scopeOf } from '../../model/scope.ts';
import type { DocumentRow } from '../alert-row.ts';
import type { NamespaceNewsRow } from '../port.ts';
import { jsonList } from './alerts.ts';

const SAVE = 'INSERT INTO namespace_news (scope, document) VALUES (?, ?)';
const OLDEST = `SELECT id, document FROM namespace_news
  WHERE ?1 IS NULL OR scope IN (SELECT value FROM json_each(?1)) ORDER BY id LIMIT ?2`;
const DONE = 'DELETE FROM namespace_news WHERE id = ?';

export function saveNamespaceNews(sql: Sql, news: NamespaceNews): void {
  sql.run(SAVE, scopeOf(namespaceScopeId(news)), JSON.stringify(news));
}

export function readNamespaceNews(
  sql: Sql,
  limit: number,
  scopes?: readonly number[],
): readonly NamespaceNewsRow[] {
  return sql
    .all<DocumentRow & { readonly id: number }>(OLDEST, jsonList(scopes), limit)
    .map(({ id, document }) => ({ ...(JSON.parse(document) as NamespaceNews), id }));
}

export function deleteNamespaceNews(sql: Sql, id: number): void {
  sql.run(DONE, id);
}
