import type { NamespaceEntry, NamespaceEvent, NamespaceRecord } from '../model/namespace.ts';

export interface LifecycleStep {
  /** Absent when a namespace that is not known was refused. */
  readonly record?: NamespaceRecord;
  readonly entry: NamespaceEntry;
}

/**
 * Applies one event. Every event makes exactly one entry, numbered without gaps from the first creation on. An event that can't be,
 * such as one after the deletion or before the last change, leaves everything else of the record as it is. Throws when the
 * record is another namespace's, which is a mistake of the caller.
 */
export function applyNamespaceEvent(
  record: NamespaceRecord | undefined,
  event: NamespaceEvent,
): LifecycleStep {
  const { tenant, cluster, namespace, kind, at, by } = event;
  if (record && (record.tenant !== tenant || record.cluster !== cluster || record.namespace !== namespace)) {
    throw new Error(
      `an event of ${cluster}/${namespace} was given the record of ${record.cluster}/${record.namespace}`,
    );
  }
  const result = change(record, event);
  const after = 'refused' in result ? record : result;
  const sequence = after ? (record?.sequence ?? 0) + 1 : 0;
  const from = record?.state === 'active' ? record.environment : undefined;
  const to = after?.state === 'active' ? after.environment : undefined;
  const entry: NamespaceEntry = {
    tenant,
    cluster,
    namespace,
    life: after?.life ?? 0,
    sequence,
    kind,
    at,
    by,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...('labels' in event ? { labels: event.labels } : {}),
    ...(kind === 'promoted' ? { promotion: event.promotion } : {}),
    ...(kind !== 'promoted' && from !== undefined && to !== undefined && from !== to
      ? { isUnapproved: true }
      : {}),
    ...('refused' in result ? { refused: result.refused } : {}),
  };
  return after ? { record: { ...after, sequence }, entry } : { entry };
}

function change(
  record: NamespaceRecord | undefined,
  event: NamespaceEvent,
): NamespaceRecord | { readonly refused: string } {
  const { tenant, cluster, namespace, at } = event;
  if (record && at < record.changedAt) return { refused: 'the event is older than the last change' };
  if (event.kind === 'created' || (event.kind === 'classified' && !record)) {
    if (record?.state === 'active') return { refused: 'the namespace exists already' };
    return {
      tenant,
      cluster,
      namespace,
      environment: event.environment,
      classifiedAs: event.environment,
      ...(event.kind === 'created' ? { labels: event.labels } : {}),
      ...uidOf(event),
      state: 'active',
      life: (record?.life ?? 0) + 1,
      sequence: 0,
      createdAt: at,
      changedAt: at,
    };
  }
  if (!record) return { refused: 'the namespace is not known' };
  if (record.state === 'deleted') return { refused: 'the namespace is deleted' };
  switch (event.kind) {
    case 'labelled':
      return {
        ...record,
        environment: event.environment,
        classifiedAs: event.environment,
        labels: event.labels,
        ...uidOf(event),
        changedAt: at,
      };
    case 'classified':
      return {
        ...record,
        environment: event.environment,
        classifiedAs: event.environment,
        changedAt: at,
      };
    case 'promoted':
      return { ...record, environment: event.environment, changedAt: at };
    case 'deleted':
      return { ...record, state: 'deleted', changedAt: at };
  }
}

function uidOf(event: NamespaceEvent): { readonly uid?: string } {
  return 'uid' in event && event.uid !== undefined ? { uid: event.uid } : {};
}
