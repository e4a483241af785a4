import { checkLimits } from '../classification/check-limits.ts';
import { weighNamespace } from '../classification/weigh-namespace.ts';
import type { ApprovalAction, ApprovalDraft } from '../model/approval.ts';
import type { ApprovalCommand } from '../model/command.ts';
import type { NamespaceRecord } from '../model/namespace.ts';
import type { Settings } from '../model/settings.ts';

type Asked = Extract<ApprovalCommand, { readonly kind: 'request_limits' }>;
export type ExceedAction = Extract<ApprovalAction, { readonly kind: 'exceed_limits' }>;

/** Where `approvals` says nothing. */
const DEADLINE_MS = 86_400_000;

/** The question whether a namespace may have more than its limits; undefined when it asks for no more (BR-AP-027). What nobody answers is rejected. */
export function askToExceed(
  { by, asked: unordered, ...key }: Asked,
  record: NamespaceRecord | undefined,
  settings: Settings,
  now: number,
): ApprovalDraft | undefined {
  const asked = inOrder(unordered);
  const known = record?.state === 'active' ? record : undefined;
  const namespace = weighNamespace(settings, key, known, now);
  const { breaches } = checkLimits(settings.namespaceLimits ?? [], namespace, asked);
  if (breaches.length === 0) return undefined;
  const action: ExceedAction = {
    kind: 'exceed_limits',
    cluster: key.cluster,
    namespace: key.namespace,
    asked,
    breaches,
  };
  const why = breaches.map(({ message }) => message).join('; ');
  return {
    tenant: key.tenant,
    question: `May ${nameOf(key)} have ${amountsOf(asked)}? ${why}.`,
    subject: limitsSubject(key),
    action,
    requestedBy: by,
    deadlineAt: now + (settings.approvals?.deadlineMs ?? DEADLINE_MS),
    onExpiry: 'reject',
  };
}

export function limitsSubject({ cluster, namespace }: Pick<Asked, 'cluster' | 'namespace'>) {
  return { kind: 'namespace', id: `${cluster}/${namespace}` } as const;
}

/** Whether an approval is about exactly these amounts. */
export function isAbout(action: ApprovalAction | undefined, asked: Asked['asked']): action is ExceedAction {
  return action?.kind === 'exceed_limits' && amountsOf(action.asked) === amountsOf(inOrder(asked));
}

/** `4500m of cpu and 16Gi of memory`. */
export function amountsOf(asked: Asked['asked']): string {
  return Object.entries(asked)
    .map(([resource, amount]) => `${amount} of ${resource}`)
    .join(' and ');
}

export function nameOf({ cluster, namespace }: Pick<Asked, 'cluster' | 'namespace'>): string {
  return cluster === '' ? namespace : `${namespace} of ${cluster}`;
}

/** The same amounts make the same question, in whatever order they are named. */
function inOrder(asked: Asked['asked']): Asked['asked'] {
  return Object.fromEntries(Object.entries(asked).sort(([left], [right]) => (left < right ? -1 : 1)));
}
