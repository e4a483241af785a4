import { Type, type Static } from '@signalbox/sdk';
import { missingApprovals } from '../../classification/promotion.ts';
import {
  APPROVAL_DEFAULTS,
  APPROVAL_STATES,
  APPROVAL_SUBJECTS,
  type Approval,
  type ApprovalAction,
} from '../../model/approval.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, tenantName, timestamp } from './schema.ts';

export const approvalState = oneOf(
  APPROVAL_STATES,
  '`expired`: nobody answered in time, and the default holds. An answer is final.',
);

export const subjectKind = oneOf(APPROVAL_SUBJECTS, 'What kind of thing it is about.');

export const approvalSchema = Type.Object(
  {
    id: Type.String({ examples: ['a_0193f0c2a4b1c93e5f00112233445566'] }),
    tenant: tenantName,
    state: approvalState,
    question: Type.String({ examples: ['May d_0193 be sent to erp again?'] }),
    subject: Type.Object({ kind: subjectKind, id: Type.String() }, { description: 'What it is about.' }),
    action: Type.Optional(
      Type.Unsafe<{ readonly kind: string }>({
        type: 'object',
        required: ['kind'],
        properties: { kind: { type: 'string' } },
        additionalProperties: true,
        description: 'What is done once it is approved, as data.',
        examples: [{ kind: 'redrive_delivery', id: 'd_0193' }],
      }),
    ),
    requested_by: Type.String({
      description: 'Who asked, as claimed; `signalbox`: the hub itself.',
      examples: ['ada'],
    }),
    requested_at: timestamp('When it was asked.'),
    deadline: timestamp('Until when it can be answered.'),
    on_expiry: oneOf(APPROVAL_DEFAULTS, 'What holds when nobody has answered by then.'),
    answered_by: Type.Optional(Type.String({ description: 'Who answered, as claimed.', examples: ['kim'] })),
    comment: Type.Optional(Type.String({ description: 'What they said to it.' })),
    decided_at: Type.Optional(timestamp('When it was answered, or expired.')),
    execution: Type.Optional(
      Type.Object(
        {
          state: oneOf(['waiting', 'started', 'done', 'failed'], 'How far what was approved is.'),
          at: timestamp('Since when.'),
          detail: Type.Optional(Type.String({ description: 'What came of it.' })),
        },
        { description: 'Of a granted approval with an action.' },
      ),
    ),
  },
  { $id: 'Approval', description: 'A decision that waits for a person, or once did.' },
);
export type ApprovalView = Static<typeof approvalSchema>;

export function presentApproval(approval: Approval): ApprovalView {
  const { answer, execution } = approval;
  return {
    id: approval.id,
    tenant: approval.tenant,
    state: approval.state,
    question: approval.question,
    subject: approval.subject,
    ...(approval.action ? { action: presentAction(approval.action) } : {}),
    requested_by: approval.requestedBy,
    requested_at: rfc3339(approval.requestedAt),
    deadline: rfc3339(approval.deadlineAt),
    on_expiry: approval.onExpiry,
    ...(answer ? { answered_by: answer.by } : {}),
    ...(answer?.comment === undefined ? {} : { comment: answer.comment }),
    ...(approval.decidedAt === undefined ? {} : { decided_at: rfc3339(approval.decidedAt) }),
    ...(execution
      ? {
          execution: {
            state: execution.state,
            at: rfc3339(execution.at),
            ...(execution.detail === undefined ? {} : { detail: execution.detail }),
          },
        }
      : {}),
  };
}

function presentAction(action: ApprovalAction): { readonly kind: string } {
  if (action.kind !== 'promote') return action;
  const { kind, cluster, promotion } = action;
  const { namespace, gate, approvals } = promotion;
  const agreed = approvals.map(({ by, role, at }) => ({ by, role, at: rfc3339(at) }));
  return {
    kind,
    cluster,
    namespace,
    from: gate.from,
    to: gate.to,
    agreed,
    missing: missingApprovals(promotion),
  } as {
    readonly kind: string;
  };
}
