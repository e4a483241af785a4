import { initial } from './0001-initial.ts';
import { silences } from './0002-silences.ts';
import { incidents } from './0004-incidents.ts';
import { scores } from './0005-scores.ts';
import { lifecycle } from './0006-lifecycle.ts';
import { namespaces } from './0007-namespaces.ts';
import { approvals } from './0008-approvals.ts';
import { workflowRuns } from './0009-workflow-runs.ts';
import { rehearsal } from './0010-rehearsal.ts';
import { announcedChanges } from './0011-announced-changes.ts';
import type { Migration } from './migration.ts';

/** In order; a step is added at the end and never changed. */
export const STORE_MIGRATIONS: readonly Migration[] = [
  initial,
  silences,
  incidents,
  scores,
  lifecycle,
  namespaces,
  approvals,
  workflowRuns,
  rehearsal,
  announcedChanges,
];
