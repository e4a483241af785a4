import { hash } from 'node:crypto';
import { cleanLine, shorten } from '@signalbox/sdk';
import { openApproval } from '../approvals/transitions.ts';
import type { Approval } from '../model/approval.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import type { WorkflowSettings } from '../model/workflow-settings.ts';

const MAX_INPUTS_CHARACTERS = 300;

/** The question whether a run may be started, with what it would be given. Its id follows from the run, so that it needs no randomness. Pure. */
export function askToStart(
  run: WorkflowRun,
  { deadlineMs, onExpiry }: NonNullable<WorkflowSettings['approval']>,
  now: number,
): Approval {
  const { id, tenant, rule, integration, title } = run;
  const given = Object.entries(run.inputs).map(([name, value]) => `${name}=${value}`);
  const inputs =
    given.length === 0 ? '' : ` with ${shorten(cleanLine(given.join(', ')), MAX_INPUTS_CHARACTERS)}`;
  const stem = hash('sha256', `start/${id}`, 'hex').slice(0, 20);
  return openApproval(
    {
      tenant,
      question: `May ${integration} run ${rule} for ${cleanLine(title)}${inputs}?`,
      subject: { kind: 'workflow_run', id },
      action: { kind: 'start_workflow', run: id },
      requestedBy: run.requestedBy ?? OWN_INTEGRATION,
      deadlineAt: now + deadlineMs,
      onExpiry,
    },
    `a_${now.toString(16).padStart(12, '0')}${stem}`,
    now,
  );
}
