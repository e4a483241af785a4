import { Fault, type NamespaceStatement } from '@signalbox/sdk';
import type { NamespaceNews } from '../model/namespace.ts';

/** Names of Kubernetes have 63 characters at most; other schedulers are more generous. */
const MAX_NAME = 253;
const MAX_LABELS = 256;
const MAX_LABEL = 2_048;

/** What an integration says, as the hub keeps it. Throws when it is not what the SDK's types promise, because connectors come from anybody. */
export function namespaceNewsOf(
  { id, tenant }: { readonly id: string; readonly tenant: string },
  statements: readonly NamespaceStatement[],
  now: number,
): readonly NamespaceNews[] {
  return statements.map((statement) => {
    const general = { tenant, cluster: nameOf(statement.cluster), at: now, by: id };
    if (statement.what === 'listed')
      return { ...general, kind: 'listed', namespaces: statement.namespaces.map(nameOf) };
    const { uid } = statement;
    const one = {
      ...general,
      namespace: nameOf(statement.namespace),
      ...(uid === undefined ? {} : { uid: nameOf(uid) }),
    };
    if (statement.what === 'deleted') return { ...one, kind: 'deleted' };
    const createdAt = Date.parse(statement.createdAt ?? '');
    return {
      ...one,
      kind: 'present',
      labels: labelsOf(statement.labels),
      ...(Number.isNaN(createdAt) ? {} : { createdAt: Math.min(createdAt, now) }),
    };
  });
}

function nameOf(value: unknown): string {
  if (typeof value === 'string' && value.length <= MAX_NAME) return value;
  throw new Fault(
    'SB_REJECTED',
    `a name of a namespace or cluster is no text of at most ${MAX_NAME} characters`,
  );
}

function labelsOf(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(labels);
  const isFit = pairs.every(([, value]) => typeof value === 'string' && value.length <= MAX_LABEL);
  if (isFit && pairs.length <= MAX_LABELS) return labels;
  throw new Fault(
    'SB_REJECTED',
    `a namespace has more than ${MAX_LABELS} labels, or one that is no short text`,
  );
}
