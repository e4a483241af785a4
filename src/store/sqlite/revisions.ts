import type { Sql } from '../../lib/sqlite.ts';
import type { Commit } from '../port.ts';

/** A revision that comes back becomes the newest again. */
const SAVE = `INSERT INTO revisions (id, at, document) VALUES (?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET at = excluded.at`;
const NEWEST = 'SELECT id, at FROM revisions ORDER BY at DESC, rowid DESC LIMIT ?';

export function saveRevision(sql: Sql, revision: NonNullable<Commit['revision']>): void {
  sql.run(SAVE, revision.id, revision.at, revision.document);
}

export function listRevisions(sql: Sql, limit: number): readonly { id: string; at: number }[] {
  return sql.all<{ id: string; at: number }>(NEWEST, limit).map(({ id, at }) => ({ id, at }));
}
