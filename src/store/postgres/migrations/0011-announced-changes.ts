import type { Migration } from './migration.ts';

/** Incidents and approvals change rarely, and whoever tells of them looks often. */
export const announcedChanges: Migration = {
  version: 11,
  name: 'announced changes',
  worksWith: 1,
  text: `
  CREATE INDEX changes_to_announce ON changes (seq) WHERE kind IN ('incident', 'approval');
`,
};
