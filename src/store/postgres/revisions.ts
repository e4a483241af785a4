import type { Commit } from '../port.ts';
import type { Sql } from './sql.ts';

/** A revision that comes back becomes the newest again. */
const SAVE = `INSERT INTO revisions (id, at, document) VALUES ($1, $2, $3)
  ON CONFLICT (id) DO UPDATE SET at = excluded.at`;
const NEWEST = 'SELECT id, at FROM revisions ORDER BY at DESC, seq DESC LIMIT $1';

export async function saveRevision(sql: Sql, revision: NonNullable<Commit['revision']>): Promise<void> {
  await sql.run(SAVE, revision.id, revision.at, revision.document);
}

export async function listRevisions(sql: Sql, limit: number): Promise<readonly { id: string; at: number }[]> {
  return sql.all<{ id: string; at: number }>(NEWEST, limit);
}
