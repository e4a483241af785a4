import { hash } from 'node:crypto';
import type { Approval, ApprovalDraft } from '../model/approval.ts';
import type { ApprovalCommand } from '../model/command.ts';
import type { Settings } from '../model/settings.ts';

export type Request = Extract<ApprovalCommand, { readonly kind: 'request_approval' }>;

/** Where nothing is configured an approval waits as long as the configuration's default says. */
const DEFAULT_DEADLINE_MS = 86_400_000;

/** The question of another tool. Nothing is done when it is answered: whoever asked looks for the answer (BR-AP-019). */
export function draftRequest(
  { tenant, subject, question, by, deadlineMs, onExpiry }: Request,
  { approvals }: Pick<Settings, 'approvals'>,
  now: number,
): ApprovalDraft {
  return {
    tenant,
    question,
    subject: { kind: 'request', id: subject },
    requestedBy: by,
    deadlineAt: now + (deadlineMs ?? approvals?.deadlineMs ?? DEFAULT_DEADLINE_MS),
    onExpiry: onExpiry ?? approvals?.onExpiry ?? 'reject',
  };
}

/** Who asks again under the same key asks for the same approval, on whichever node and also after its answer. */
export function requestId({ tenant, idempotencyKey }: Request, newId: () => string): string {
  return idempotencyKey === undefined
    ? `a_${newId()}`
    : `a_k${hash('sha256', `${tenant}\0${idempotencyKey}`, 'hex').slice(0, 32)}`;
}

/** Whether an approval that is there under the key was asked for in these words; its deadline may have come nearer meanwhile. */
export function isRepeat({ subject, question }: Approval, draft: ApprovalDraft): boolean {
  return (
    subject.kind === draft.subject.kind && subject.id === draft.subject.id && question === draft.question
  );
}
