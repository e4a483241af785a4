import type { ApprovalDefault } from './approval.ts';
import type { ConditionText } from './rule-settings.ts';

export const WORKFLOW_MOMENTS = ['firing', 'resolved', 'incident'] as const;
export type WorkflowMoment = (typeof WORKFLOW_MOMENTS)[number];

/** Which alerts or incidents are handed to which engine, and when (BR-AP-017). */
export interface WorkflowSettings extends ConditionText {
  readonly id: string;
  /** `incident`: its condition looks at the alert that most likely caused it. */
  readonly on: WorkflowMoment;
  readonly integration: string;
  /** Liquid templates by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Absent: it is started at once. */
  readonly approval?: { readonly deadlineMs: number; readonly onExpiry: ApprovalDefault };
  /** How long the engine is asked how a run goes on. */
  readonly watchMs: number;
}
