import type { Migration } from '../../../lib/sqlite-migrations.ts';
import { scopeOf } from '../../../model/scope.ts';

/** Who may write what, so that several nodes can share one store; and the columns that say to whom a row belongs. */
export const owners: Migration = {
  version: 2,
  name: 'owners',
  up(sql) {
    sql.exec(`
      CREATE TABLE leases (
        name TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        token INTEGER NOT NULL,
        until INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      ALTER TABLE alerts ADD COLUMN partition INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE inbox ADD COLUMN scope INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE groups ADD COLUMN scope INTEGER NOT NULL DEFAULT 0;
      UPDATE alerts SET document = json_set(document, '$.partition', 0);
    `);
    for (const { id } of sql.all<{ id: string }>('SELECT id FROM groups'))
      sql.run('UPDATE groups SET scope = ? WHERE id = ?', scopeOf(id), id);
    for (const { id, group_id } of sql.all<{ id: number; group_id: string }>(
      'SELECT id, group_id FROM inbox',
    ))
      sql.run('UPDATE inbox SET scope = ? WHERE id = ?', scopeOf(group_id), id);
  },
};
