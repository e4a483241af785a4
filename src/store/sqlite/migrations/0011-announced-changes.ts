import type { Migration } from '../../../lib/sqlite-migrations.ts';

/** Incidents and approvals change rarely, and whoever tells of them looks often. */
export const announcedChanges: Migration = {
  version: 11,
  name: 'announced changes',
  up: (sql) =>
    sql.exec(`
      CREATE INDEX changes_to_announce ON changes (seq) WHERE kind IN ('incident', 'approval');
    `),
};
