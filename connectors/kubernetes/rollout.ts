import type { ClusterCopy } from './cluster-copy.ts';
import { compact } from './dig.ts';
import type { ConfigMap, Revision, Workload } from './records.ts';

/** Something about a workload that changed; the source of change correlation. Times are milliseconds since 1970. */
export interface WorkloadChange {
  /**
   * `created`: its first template. `image`: another image. `template`: something else in its template, such as variables or limits.
   * `rollback`: an earlier template again. `scale`: the number of replicas. `config`: a ConfigMap that it reads.
   */
  readonly what: 'created' | 'image' | 'template' | 'rollback' | 'scale' | 'config';
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly at: number;
  readonly revision?: string;
  /** What the author wrote into `kubernetes.io/change-cause`. */
  readonly cause?: string;
  /** Images by container, or `replicas`; only what differs. */
  readonly from?: Readonly<Record<string, string>>;
  readonly to?: Readonly<Record<string, string>>;
}

export interface Rollout {
  readonly state: 'complete' | 'progressing' | 'stuck' | 'paused';
  readonly revision?: string;
  /** When the template that runs now was rolled out. */
  readonly changedAt?: number;
  readonly images: Readonly<Record<string, string>>;
  /** The images before; absent when there was nothing before, or it was cleaned up. */
  readonly previousImages?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

/** Kinds that keep their earlier templates. */
const HISTORY_KINDS: Partial<Record<Workload['kind'], 'ReplicaSet' | 'ControllerRevision'>> = {
  Deployment: 'ReplicaSet',
  StatefulSet: 'ControllerRevision',
  DaemonSet: 'ControllerRevision',
};

type Entry = Workload | Revision;

/** The rollout that is under way or was the last one; undefined for workloads that have none. */
export function rolloutOf(copy: ClusterCopy, workload: Workload): Rollout | undefined {
  if (HISTORY_KINDS[workload.kind] === undefined) return undefined;
  const history = historyOf(copy, workload);
  const current = history.at(-1);
  const previous = history.at(-2);
  const progressing = workload.conditions.find(({ type }) => type === 'Progressing');
  return compact({
    state: stateOf(workload, progressing?.reason),
    revision: current?.revision ?? workload.revision,
    changedAt: current && changedAt(current, history, workload),
    images: workload.template?.images ?? {},
    previousImages: previous?.template?.images,
    reason: progressing?.reason,
  });
}

/** Changes of a workload since a time, newest first. `observed` are those that only a watch sees. */
export function changesOf(
  copy: ClusterCopy,
  workload: Workload,
  observed: readonly WorkloadChange[],
  sinceMs: number,
): readonly WorkloadChange[] {
  const history = historyOf(copy, workload);
  const rollouts = history.map((entry, index) => describeEntry(entry, history, index, workload));
  const maps = (workload.template?.configMaps ?? []).flatMap((name) => {
    const map = copy.find('ConfigMap', workload.namespace, name);
    return map ? changeOfMap(map) : [];
  });
  return [...rollouts, ...maps, ...observed]
    .filter(({ at }) => at >= sinceMs)
    .toSorted((a, b) => b.at - a.at)
    .slice(0, 10);
}

/** What a watch saw change in a workload that its history does not show: the number of replicas. */
export function observedChange(
  previous: Workload,
  next: Workload,
  nowMs: number,
): WorkloadChange | undefined {
  const from = previous.replicas.desired;
  const to = next.replicas.desired;
  if (from === to || from === undefined || to === undefined || next.kind === 'ReplicaSet') return undefined;
  const { kind, namespace, name } = next;
  const texts = { from: { replicas: String(from) }, to: { replicas: String(to) } };
  return { what: 'scale', kind, namespace, name, at: nowMs, ...texts };
}

/** All templates that are still there, by revision. */
function historyOf(copy: ClusterCopy, workload: Workload): readonly Entry[] {
  const kind = HISTORY_KINDS[workload.kind];
  if (kind === undefined) return [];
  const entries: readonly Entry[] = copy.ownedBy(kind, workload.uid);
  return entries
    .filter(({ revision }) => revision !== undefined)
    .toSorted((a, b) => Number(a.revision) - Number(b.revision));
}

function describeEntry(
  entry: Entry,
  history: readonly Entry[],
  index: number,
  workload: Workload,
): WorkloadChange {
  const before = history[index - 1];
  const { kind, namespace, name } = workload;
  const differing = before && differenceOf(before.template?.images ?? {}, entry.template?.images ?? {});
  const isRollback = isReused(entry, history);
  return compact({
    what: wordFor(entry, before, isRollback, differing !== undefined),
    kind,
    namespace,
    name,
    at: changedAt(entry, history, workload) ?? 0,
    revision: entry.revision,
    cause: entry.annotations['kubernetes.io/change-cause'],
    from: differing?.from,
    to: differing?.to,
  });
}

function wordFor(
  entry: Entry,
  before: Entry | undefined,
  isRollback: boolean,
  isImage: boolean,
): WorkloadChange['what'] {
  // Without a predecessor it is the first, or those before it were cleaned up.
  if (!before) return entry.revision === '1' ? 'created' : 'template';
  if (isRollback) return 'rollback';
  return isImage ? 'image' : 'template';
}

/**
 * A template becomes current when its ReplicaSet or ControllerRevision is made. Going back takes up an old one: then the time is when the
 * rollout last made progress, as near as the cluster tells.
 */
function changedAt(entry: Entry, history: readonly Entry[], workload: Workload): number | undefined {
  if (!isReused(entry, history)) return entry.createdAt;
  const isCurrent = entry === history.at(-1);
  const condition = isCurrent ? workload.conditions.find(({ type }) => type === 'Progressing') : undefined;
  return condition?.updatedAt ?? condition?.since ?? entry.changedAt ?? entry.createdAt;
}

/** A ReplicaSet says so itself; a ControllerRevision is older than one before it. */
function isReused(entry: Entry, history: readonly Entry[]): boolean {
  if (entry.kind !== 'ControllerRevision') return entry.reused === true;
  const earlier = history.slice(0, history.indexOf(entry));
  return earlier.some((candidate) => (candidate.createdAt ?? 0) > (entry.createdAt ?? 0));
}

function differenceOf(from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>) {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    (name) => from[name] !== to[name],
  );
  if (names.length === 0) return undefined;
  const pick = (images: Readonly<Record<string, string>>) =>
    Object.fromEntries(names.flatMap((name) => (images[name] === undefined ? [] : [[name, images[name]]])));
  return { from: pick(from), to: pick(to) };
}

function changeOfMap({ namespace, name, createdAt, changedAt: at }: ConfigMap): WorkloadChange[] {
  if (at === undefined || at === createdAt) return [];
  return [{ what: 'config', kind: 'ConfigMap', namespace, name, at }];
}

function stateOf(workload: Workload, progress: string | undefined): Rollout['state'] {
  const { desired = 0, updated = 0, available } = workload.replicas;
  const isSeen = (workload.observedGeneration ?? 0) >= (workload.generation ?? 0);
  if (workload.paused) return 'paused';
  if (isSeen && progress === 'ProgressDeadlineExceeded') return 'stuck';
  // A rollout that was complete stays complete when its pods fail later; only a Deployment says so.
  if (isSeen && progress === 'NewReplicaSetAvailable') return 'complete';
  const isDone = isSeen && progress === undefined && updated >= desired && (available ?? desired) >= desired;
  return isDone ? 'complete' : 'progressing';
}
