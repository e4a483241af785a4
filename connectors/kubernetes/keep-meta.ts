import { compact, dig, isTrueAt, listAt, numberAt, textAt, textsAt, timeAt } from './dig.ts';
import type { Condition, ConfigMap, KindName, Meta, Namespace, Node } from './records.ts';

/** What the configuration wants kept. */
export interface Keep {
  /** Names of annotations. */
  readonly annotations: readonly string[];
}

const TEXT = 512;
const LABELS = { most: 64, length: 256 };

/** What all objects have. Undefined without a name: then it is no object. */
export function keepMeta<K extends KindName>(
  kind: K,
  object: unknown,
  options: Keep,
): (Meta & { readonly kind: K }) | undefined {
  const metadata = dig(object, 'metadata');
  const name = textAt(metadata, 'name');
  if (name === undefined) return undefined;
  return compact({
    kind,
    name,
    namespace: textAt(metadata, 'namespace') ?? '',
    uid: textAt(metadata, 'uid') ?? '',
    resourceVersion: textAt(metadata, 'resourceVersion') ?? '',
    createdAt: timeAt(metadata, 'creationTimestamp'),
    changedAt: changedAt(metadata),
    labels: textsAt(metadata, ['labels'], LABELS),
    annotations: textsAt(metadata, ['annotations'], { most: 50, length: TEXT, only: options.annotations }),
    owner: ownerOf(metadata),
  });
}

/** `managedFields` says who wrote which field when; writers of the status say nothing about a change by people. */
function changedAt(metadata: unknown): number | undefined {
  const times = listAt(metadata, 'managedFields')
    .filter((entry) => textAt(entry, 'subresource') !== 'status')
    .flatMap((entry) => timeAt(entry, 'time') ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function ownerOf(metadata: unknown): Meta['owner'] {
  const reference = listAt(metadata, 'ownerReferences').find((candidate) =>
    isTrueAt(candidate, 'controller'),
  );
  const kind = textAt(reference, 'kind');
  const name = textAt(reference, 'name');
  return kind === undefined || name === undefined
    ? undefined
    : { kind, name, uid: textAt(reference, 'uid') ?? '' };
}

export function keepConditions(object: unknown): readonly Condition[] {
  return listAt(object, 'status', 'conditions')
    .slice(0, 32)
    .map((condition) =>
      compact({
        type: textAt(condition, 'type') ?? '',
        status: textAt(condition, 'status') ?? '',
        reason: textAt(condition, 'reason'),
        message: textAt(condition, 'message')?.slice(0, TEXT),
        since: timeAt(condition, 'lastTransitionTime'),
        updatedAt: timeAt(condition, 'lastUpdateTime'),
      }),
    );
}

export function keepNode(object: unknown, options: Keep): Node | undefined {
  const meta = keepMeta('Node', object, options);
  if (!meta) return undefined;
  const taints = listAt(object, 'spec', 'taints').slice(0, 32);
  return compact({
    ...meta,
    conditions: keepConditions(object),
    unschedulable: isTrueAt(object, 'spec', 'unschedulable'),
    taints: taints.map((taint) => `${textAt(taint, 'key') ?? ''}:${textAt(taint, 'effect') ?? ''}`),
    kubelet: textAt(object, 'status', 'nodeInfo', 'kubeletVersion'),
  });
}

export function keepNamespace(object: unknown, options: Keep): Namespace | undefined {
  const meta = keepMeta('Namespace', object, options);
  return meta && compact({ ...meta, phase: textAt(object, 'status', 'phase') });
}

export function keepConfigMap(object: unknown, options: Keep): ConfigMap | undefined {
  return keepMeta('ConfigMap', object, options);
}

/** A count as the API writes it: absent means none. */
export function countAt(object: unknown, ...path: readonly string[]): number {
  return numberAt(object, ...path) ?? 0;
}
