import { hash } from 'node:crypto';
import type { Approval, ApprovalDraft } from '../model/approval.ts';
import type { Delivery } from '../model/delivery.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { Settings } from '../model/settings.ts';
import { openApproval } from './transitions.ts';

/** What is known of a dead letter when somebody wants it to be tried again. */
export interface Letter {
  readonly kind: 'delivery' | 'signal';
  readonly id: string;
  readonly tenant: string;
  readonly integration: string;
  /** One line: why it is one. */
  readonly reason?: string;
}

/** The question whether a dead letter may be tried again; undefined when its integration needs no approval (BR-ERR-010). */
export function askToRedrive(
  letter: Letter,
  requestedBy: string,
  settings: Settings,
  now: number,
): ApprovalDraft | undefined {
  const { approvals } = settings;
  if (!approvals?.redrive.includes(letter.integration)) return undefined;
  const question =
    letter.kind === 'delivery'
      ? `May ${letter.id} be sent to ${letter.integration} again?`
      : `May the signal ${letter.id} of ${letter.integration} be read anew?`;
  return draftOf(letter, question, requestedBy, approvals, now);
}

/**
 * The question that a delivery asks by itself when it becomes a dead letter; undefined where nobody is to be asked (BR-ERR-007). Its id
 * follows from the delivery and the time, so that it needs no randomness.
 */
export function askAboutDead(
  { id, tenant, integration }: Delivery,
  fault: Delivery['fault'],
  settings: Settings,
  now: number,
): Approval | undefined {
  const { approvals } = settings;
  if (!approvals?.intervene.includes(integration)) return undefined;
  const reason = fault ? ` (${fault.code}: ${fault.message})` : '';
  const question = `${id} to ${integration} is a dead letter${reason}. Is the cause mended, so that it may be sent again?`;
  const draft = draftOf(
    { kind: 'delivery', id, tenant, integration },
    question,
    OWN_INTEGRATION,
    approvals,
    now,
  );
  const stem = hash('sha256', id, 'hex').slice(0, 20);
  return openApproval(draft, `a_${now.toString(16).padStart(12, '0')}${stem}`, now);
}

function draftOf(
  { kind, id, tenant }: Letter,
  question: string,
  requestedBy: string,
  { deadlineMs, onExpiry }: NonNullable<Settings['approvals']>,
  now: number,
): ApprovalDraft {
  return {
    tenant,
    question,
    subject: { kind: 'dead_letter', id },
    action: { kind: kind === 'delivery' ? 'redrive_delivery' : 'redrive_signal', id },
    requestedBy,
    deadlineAt: now + deadlineMs,
    onExpiry,
  };
}
