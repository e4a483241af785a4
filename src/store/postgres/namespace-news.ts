import { namespaceScopeId, type NamespaceNews } from '../../model/namespace.ts';
import { scopeOf } from '../../model/scope.ts';
import type { DocumentRow } from '../alert-row.ts';
import type { NamespaceNewsRow } from '../port.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO namespace_news (scope, document)
  SELECT scope, document FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS news (scope, document, position)
  ORDER BY position`;
const OLDEST = 'SELECT id, document FROM namespace_news ORDER BY id LIMIT $1';
const OLDEST_OF_SCOPES = `SELECT n.id, n.document FROM unnest($1::int[]) AS own (scope) CROSS JOIN LATERAL (
    SELECT * FROM namespace_news WHERE scope = own.scope ORDER BY id LIMIT $2) n
  ORDER BY n.id LIMIT $2`;
const DONE = 'DELETE FROM namespace_news WHERE id = ANY ($1)';

export async function saveNamespaceNews(sql: Sql, news: readonly NamespaceNews[]): Promise<void> {
  await sql.run(
    SAVE,
    news.map((one) => scopeOf(namespaceScopeId(one))),
    news.map((one) => JSON.stringify(one)),
  );
}

export async function readNamespaceNews(
  sql: Sql,
  limit: number,
  scopes?: readonly number[],
): Promise<readonly NamespaceNewsRow[]> {
  type Row = DocumentRow & { readonly id: number };
  const rows = scopes
    ? await sql.all<Row>(OLDEST_OF_SCOPES, scopes, limit)
    : await sql.all<Row>(OLDEST, limit);
  return rows.map(({ id, document }) => ({ ...(JSON.parse(document) as NamespaceNews), id }));
}

export async function deleteNamespaceNews(sql: Sql, ids: readonly number[]): Promise<void> {
  await sql.run(DONE, ids);
}
