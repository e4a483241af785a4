import type { MetricSet } from '../lib/metrics.ts';
import { APPROVAL_SUBJECTS, useOf, type Approval } from '../model/approval.ts';
import type { Store } from '../store/port.ts';

export interface ApprovalMetrics {
  /** Another version of it was written. */
  written(approval: Approval): void;
}

/** What waits, of the whole installation and the same on every node; and what came of it, counted where it was written (BR-AP-019). */
export function createApprovalMetrics(
  set: MetricSet,
  { store, now }: { readonly store: Pick<Store, 'pendingApprovalCounts'>; now(): number },
): ApprovalMetrics {
  set.gauge(
    'signalbox_approvals_pending',
    'Approvals that wait for an answer, by what they are about.',
    ['subject'],
    async (gauge) => {
      const counts = new Map((await store.pendingApprovalCounts()).map((row) => [row.kind, row.count]));
      for (const subject of APPROVAL_SUBJECTS) gauge.set({ subject }, counts.get(subject) ?? 0);
    },
  );
  set.gauge(
    'signalbox_approvals_oldest_pending_seconds',
    'Age of the approval that has waited longest for an answer; 0 when none waits.',
    [],
    async (gauge) => {
      const asked = (await store.pendingApprovalCounts()).map(({ oldestAt }) => oldestAt);
      gauge.set(asked.length === 0 ? 0 : Math.max(0, now() - Math.min(...asked)) / 1_000);
    },
  );
  const outcomes = set.counter(
    'signalbox_approvals_total',
    'Approvals by what came of them: approved, rejected, expired; and of what was granted: done, failed.',
    ['use', 'outcome'],
  );
  return {
    written(approval) {
      const outcome = outcomeOf(approval);
      if (outcome !== undefined) outcomes.inc({ use: useOf(approval), outcome });
    },
  };
}

/** Undefined while it is only on its way. */
function outcomeOf({ state, execution }: Approval): string | undefined {
  if (state === 'pending' || execution?.state === 'started') return undefined;
  return execution === undefined || execution.state === 'waiting' ? state : execution.state;
}
