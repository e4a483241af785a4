import type { AlertData } from '@signalbox/sdk';
import { ANNOUNCEMENTS, type Announcement } from '../model/announcement.ts';
import { useOf, type Approval } from '../model/approval.ts';
import type { ApprovalTelling } from '../model/approval-settings.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';

export interface ApprovalWords {
  /** Absent: nobody is told any more, and what was told before ends. */
  readonly telling: ApprovalTelling | undefined;
  /** Where people find the hub. */
  readonly externalURL: string;
}

/**
 * What is told of an approval (BR-AP-019): that it waits and how to answer it, once more before its deadline, and what came of it. It is over
 * when all that follows from the answer is done, so that the outcome tells of both. Pure.
 */
export function announceApproval(
  approval: Approval,
  { telling, externalURL }: ApprovalWords,
  now: number,
): Announcement {
  const { id, tenant, settledAt } = approval;
  const remindBeforeMs = telling?.remindBeforeMs ?? 0;
  const isNear = remindBeforeMs > 0 && now >= approval.deadlineAt - remindBeforeMs;
  const reminds = isNear && approval.state === 'pending';
  const waits = settledAt === undefined;
  const data: AlertData = {
    status: waits ? 'firing' : 'resolved',
    key: `approval/${id}`,
    labels: {
      alertname: ANNOUNCEMENTS.approval,
      severity: 'warning',
      approval: id,
      use: useOf(approval),
      source: OWN_INTEGRATION,
    },
    annotations: {
      summary: `${waits ? (reminds ? 'Still to be approved' : 'To be approved') : outcomeOf(approval)}: ${approval.question}`,
      description: (waits ? howToAnswer(approval) : whatCameOfIt(approval)).join('\n'),
    },
    startsAt: time(approval.requestedAt),
    ...(waits ? {} : { endsAt: time(settledAt) }),
    generatorURL: `${externalURL}/api/v1/approvals/${id}`,
  };
  return { tenant, data, told: { reminded: reminds } };
}

function howToAnswer({ id, requestedBy, deadlineAt, onExpiry, state }: Approval): readonly string[] {
  if (state !== 'pending') return ['It is granted and being carried out.'];
  return [
    `Asked by ${requestedBy}. Without an answer by ${time(deadlineAt)} it is ${onExpiry === 'approve' ? 'approved' : 'rejected'}.`,
    `signalbox approvals show ${id}`,
    `signalbox approvals approve ${id}`,
    `signalbox approvals reject ${id}`,
  ];
}

function outcomeOf({ state, answer, onExpiry }: Approval): string {
  switch (state) {
    case 'approved':
      return `Approved by ${answer?.by ?? 'somebody'}`;
    case 'rejected':
      return `Rejected by ${answer?.by ?? 'somebody'}`;
    default:
      return `Not answered in time, so it is ${onExpiry === 'approve' ? 'approved' : 'rejected'}`;
  }
}

function whatCameOfIt({ answer, execution, requestedBy }: Approval): readonly string[] {
  const said = answer?.comment === undefined ? [] : [`${answer.by}: ${answer.comment}`];
  const done = execution?.detail === undefined ? [] : [`${execution.state}: ${execution.detail}`];
  return [`Asked by ${requestedBy}.`, ...said, ...done];
}

function time(at: number): string {
  return new Date(at).toISOString();
}
