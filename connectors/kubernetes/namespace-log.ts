import type { ClusterObject, Namespace } from './records.ts';

/** One step in the life of a namespace (BR-AP-029). */
export interface NamespaceEntry {
  readonly namespace: string;
  readonly what: 'created' | 'terminating' | 'deleted' | 'labels';
  /** When this hub saw it; for `created` when the cluster made it. Milliseconds since 1970. */
  readonly at: number;
  /** Of `deleted`: what the cluster called it, which another one under its name is not. */
  readonly uid?: string;
  /** Labels that differ, with their values before and after; a label that is not there has none. */
  readonly from?: Readonly<Record<string, string>>;
  readonly to?: Readonly<Record<string, string>>;
}

/** What became of a namespace between two looks at it; undefined when nothing that matters. */
export function namespaceStep(
  previous: Namespace | undefined,
  next: Namespace | undefined,
  nowMs: number,
): NamespaceEntry | undefined {
  if (!previous && !next) return undefined;
  if (!previous) return { namespace: next!.name, what: 'created', at: next!.createdAt ?? nowMs };
  const entry = { namespace: previous.name, at: nowMs };
  if (!next) return { ...entry, what: 'deleted', ...(previous.uid === '' ? {} : { uid: previous.uid }) };
  if (next.phase === 'Terminating' && previous.phase !== 'Terminating')
    return { ...entry, what: 'terminating' };
  const names = Object.keys({ ...previous.labels, ...next.labels }).filter(
    (name) => previous.labels[name] !== next.labels[name],
  );
  if (names.length === 0) return undefined;
  return { ...entry, what: 'labels', from: pick(previous.labels, names), to: pick(next.labels, names) };
}

function pick(labels: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.fromEntries(
    names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])),
  );
}

const KEPT = 1_000;

/** The newest steps of all namespaces of one cluster, in this process. */
export interface NamespaceLog {
  /** To be told of every object that differs; `known` says that the scope was listed before. */
  observe(
    previous: ClusterObject | undefined,
    next: ClusterObject | undefined,
    nowMs: number,
    known: boolean,
  ): void;
  /** Oldest first; of one namespace, or of all. */
  entries(namespace?: string): readonly NamespaceEntry[];
  /** Who is told of each new step; one at a time. */
  onEntry: (entry: NamespaceEntry) => void;
}

export function createNamespaceLog(): NamespaceLog {
  const entries: NamespaceEntry[] = [];
  return {
    observe(previous, next, nowMs, known) {
      // The first list of all is what there was before; it is no news.
      if (!known || (next ?? previous)?.kind !== 'Namespace') return;
      const entry = namespaceStep(previous as Namespace | undefined, next as Namespace | undefined, nowMs);
      if (!entry) return;
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
      this.onEntry(entry);
    },
    entries: (namespace) =>
      namespace === undefined ? [...entries] : entries.filter((entry) => entry.namespace === namespace),
    onEntry: () => {},
  };
}
