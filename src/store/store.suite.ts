import { describe } from 'node:test';
import { approvalTests } from './suite/approvals.ts';
import { workflowRunTests } from './suite/workflow-runs.ts';
import { commitTests } from './suite/commits.ts';
import { deliveryTests } from './suite/deliveries.ts';
import { groupTests } from './suite/groups.ts';
import { incidentTests } from './suite/incidents.ts';
import { lifecycleTests } from './suite/lifecycle.ts';
import { listTests } from './suite/lists.ts';
import { ownershipTests } from './suite/ownership.ts';
import { namespaceTests } from './suite/namespaces.ts';
import type { CreatePlace } from './suite/place.ts';
import { recordTests } from './suite/records.ts';
import { scoreTests } from './suite/scores.ts';
import { retentionTests } from './suite/retention.ts';
import { silenceTests } from './suite/silences.ts';

/** What every driver of the store and of its reader promises. */
export function storeSuite(name: string, createPlace: CreatePlace): void {
  describe(`store: ${name}`, () => {
    commitTests(name, createPlace);
    groupTests(createPlace);
    lifecycleTests(createPlace);
    incidentTests(createPlace);
    deliveryTests(createPlace);
    ownershipTests(createPlace);
    listTests(createPlace);
    silenceTests(createPlace);
    approvalTests(createPlace);
    workflowRunTests(createPlace);
    scoreTests(createPlace);
    namespaceTests(createPlace);
    recordTests(createPlace);
    retentionTests(createPlace);
  });
}
