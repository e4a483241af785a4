import type { Migration } from './migration.ts';

/** When an alert's lifecycle goes on by itself, and what came of a command. */
export const lifecycle: Migration = {
  version: 6,
  name: 'lifecycle',
  worksWith: 1,
  text: `
    ALTER TABLE alerts ADD COLUMN due_at BIGINT;
    CREATE INDEX alerts_due ON alerts (partition, due_at) WHERE status = 'firing' AND due_at IS NOT NULL;
    ALTER TABLE receipts ADD COLUMN outcome TEXT;
  `,
};
