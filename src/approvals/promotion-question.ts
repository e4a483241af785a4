import { advancePromotion, missingApprovals, requestPromotion } from '../classification/promotion.ts';
import type { Approval, ApprovalAction, ApprovalDraft } from '../model/approval.ts';
import type { ApprovalCommand } from '../model/command.ts';
import type { NamespaceRecord } from '../model/namespace.ts';
import type { Person } from '../model/promotion.ts';
import type { Settings } from '../model/settings.ts';
import type { ApprovalEvent } from './transitions.ts';

type Asked = Extract<ApprovalCommand, { readonly kind: 'request_promotion' }>;
type Answer = Extract<ApprovalCommand, { readonly kind: 'answer_approval' }>;
export type PromoteAction = Extract<ApprovalAction, { readonly kind: 'promote' }>;

export type Decided<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly detail: string };

/** The question whether a namespace may become another environment, or why nobody may even ask (BR-AP-028, BR-QUAL-010). */
export function askToPromote(
  { by, to }: Asked,
  record: NamespaceRecord,
  id: string,
  settings: Settings,
  now: number,
): Decided<ApprovalDraft> {
  const { tenant, cluster, namespace, environment } = record;
  const gates = settings.approvals?.gates ?? [];
  const request = { id, namespace, environment, to, by: personOf(by, settings) };
  const opened = requestPromotion(gates, request, now);
  if (!opened.ok) return { ok: false, detail: opened.refusal.message };
  const { promotion } = opened;
  return {
    ok: true,
    value: {
      tenant,
      question: `May ${namespace} of ${cluster} go from ${environment} to ${to}?`,
      subject: { kind: 'namespace', id: `${cluster}/${namespace}` },
      action: { kind: 'promote', cluster, promotion },
      requestedBy: by,
      deadlineAt: now + promotion.gate.expiresAfterMs,
      onExpiry: 'reject',
    },
  };
}

/** What an answer to it does: it is one of several, the last one that was missing, or the end. */
export function answerPromotion(
  action: PromoteAction,
  { answer, by, comment }: Answer,
  settings: Settings,
  now: number,
): Decided<ApprovalEvent> {
  const person = personOf(by, settings);
  const { promotion } = action;
  const wanted = answer === 'approve' ? missingApprovals(promotion) : promotion.gate.approvals;
  // Whoever has none of the roles is refused with those that are needed.
  const role = wanted.find((need) => person.roles.includes(need.role))?.role ?? wanted[0]?.role ?? '';
  const result = advancePromotion(
    promotion,
    answer === 'approve'
      ? { kind: 'approve', by: person, role }
      : { kind: 'reject', by: person, role, reason: comment ?? '' },
    now,
  );
  if (!result.ok) return { ok: false, detail: result.refusal.message };
  const next = { ...action, promotion: result.promotion };
  if (result.promotion.state === 'requested') return { ok: true, value: { kind: 'endorse', action: next } };
  const said = comment === undefined ? {} : { comment };
  return { ok: true, value: { kind: answer, by, action: next, ...said } };
}

/** Whether the namespace is still what the approvals were for; the moment that counts is that of the last one. */
export function mayPromote(
  { requestedBy, decidedAt = 0 }: Approval,
  { promotion }: PromoteAction,
  record: NamespaceRecord | undefined,
): Decided<{ readonly from: string; readonly to: string }> {
  if (record?.state !== 'active') return { ok: false, detail: `${promotion.namespace} is gone` };
  const by = { id: requestedBy, roles: [] };
  const result = advancePromotion(
    promotion,
    { kind: 'promote', by, environment: record.environment },
    decidedAt,
  );
  return result.ok ? { ok: true, value: promotion.gate } : { ok: false, detail: result.refusal.message };
}

/** A person of the configuration; whoever is not named there has no role. */
function personOf(id: string, { approvals }: Settings): Person {
  const roles = Object.entries(approvals?.roles ?? {})
    .filter(([, people]) => people.includes(id))
    .map(([role]) => role);
  return { id, roles };
}
