/** What happened to a namespace. `at` is when, in milliseconds since the epoch; `by` is a person or a service account. */
export type NamespaceEvent = {
  readonly cluster: string;
  readonly namespace: string;
  readonly at: number;
  readonly by: string;
} & (
  | {
      readonly kind: 'created';
      readonly environment: string;
      readonly labels: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'labelled';
      readonly environment: string;
      readonly labels: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'promoted'; readonly environment: string; readonly promotion: string }
  | { readonly kind: 'deleted' }
);

/** What is known of a namespace by its events. */
export interface NamespaceRecord {
  readonly cluster: string;
  readonly namespace: string;
  readonly environment: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'active' | 'deleted';
  /** From 1; a namespace that is created again under its name begins another life. */
  readonly life: number;
  /** How many entries there are for this name, so that a gap is seen. */
  readonly sequence: number;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** One line for audit. Refused events make one as well, so that the record is complete. */
export interface LifecycleEntry {
  readonly cluster: string;
  readonly namespace: string;
  readonly life: number;
  /** 0 for an event of a namespace that is not known. */
  readonly sequence: number;
  readonly kind: NamespaceEvent['kind'];
  readonly at: number;
  readonly by: string;
  /** The environment before and after; absent before the first and after the last. */
  readonly from?: string;
  readonly to?: string;
  /** The id of the promotion that allowed it. */
  readonly promotion?: string;
  /** Other labels made another environment of it, past every gate. */
  readonly isUnapproved?: true;
  /** Why the event changed nothing. */
  readonly refused?: string;
}

export interface LifecycleStep {
  /** Absent when a namespace that is not known was refused. */
  readonly record?: NamespaceRecord;
  readonly entry: LifecycleEntry;
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
  const { cluster, namespace, kind, at, by } = event;
  if (record && (record.cluster !== cluster || record.namespace !== namespace)) {
    throw new Error(
      `an event of ${cluster}/${namespace} was given the record of ${record.cluster}/${record.namespace}`,
    );
  }
  const result = change(record, event);
  const after = 'refused' in result ? record : result;
  const sequence = after ? (record?.sequence ?? 0) + 1 : 0;
  const from = record?.state === 'active' ? record.environment : undefined;
  const to = after?.state === 'active' ? after.environment : undefined;
  const entry: LifecycleEntry = {
    cluster,
    namespace,
    life: after?.life ?? 0,
    sequence,
    kind,
    at,
    by,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(kind === 'promoted' ? { promotion: event.promotion } : {}),
    ...(kind === 'labelled' && from !== to ? { isUnapproved: true } : {}),
    ...('refused' in result ? { refused: result.refused } : {}),
  };
  return after ? { record: { ...after, sequence }, entry } : { entry };
}

function change(
  record: NamespaceRecord | undefined,
  event: NamespaceEvent,
): NamespaceRecord | { readonly refused: string } {
  const { cluster, namespace, at } = event;
  if (record && at < record.changedAt) return { refused: 'the event is older than the last change' };
  if (event.kind === 'created') {
    if (record?.state === 'active') return { refused: 'the namespace exists already' };
    const { environment, labels } = event;
    const life = (record?.life ?? 0) + 1;
    return {
      cluster,
      namespace,
      environment,
      labels,
      state: 'active',
      life,
      sequence: 0,
      createdAt: at,
      changedAt: at,
    };
  }
  if (!record) return { refused: 'the namespace is not known' };
  if (record.state === 'deleted') return { refused: 'the namespace is deleted' };
  switch (event.kind) {
    case 'labelled':
      return { ...record, environment: event.environment, labels: event.labels, changedAt: at };
    case 'promoted':
      return { ...record, environment: event.environment, changedAt: at };
    case 'deleted':
      return { ...record, state: 'deleted', changedAt: at };
  }
}
