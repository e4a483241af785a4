import type { MetricSet } from '../lib/metrics.ts';

export function createWorkflowMetrics(set: MetricSet) {
  return {
    runs: set.counter('signalbox_workflow_runs_total', 'Runs of workflows that reached a status.', [
      'integration',
      'status',
    ]),
    questions: set.counter(
      'signalbox_workflow_questions_total',
      'Questions to workflow engines how a run goes on, by how they ended.',
      ['integration', 'outcome'],
    ),
  };
}

export type WorkflowMetrics = ReturnType<typeof createWorkflowMetrics>;
