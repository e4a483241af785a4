import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** When an alert's lifecycle goes on by itself, and what came of a command. */
export const lifecycle: Migration = {
  version: 6,
  name: 'lifecycle',
  up: (sql) =>
    sql.exec(`
      ALTER TABLE alerts ADD COLUMN due_at INTEGER;
      CREATE INDEX alerts_due ON alerts (due_at) WHERE status = 'firing' AND due_at IS NOT NULL;
      ALTER TABLE receipts ADD COLUMN outcome TEXT;
    `),
};
