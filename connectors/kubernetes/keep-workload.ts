import { compact, dig, isTrueAt, listAt, numberAt, textAt } from './dig.ts';
import { keepConditions, keepMeta, type Keep } from './keep-meta.ts';
import type { Revision, Template, Workload } from './records.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const EARLIER_REVISIONS = 'deployment.kubernetes.io/revision-history';

export function keepWorkload(kind: Workload['kind'], object: unknown, options: Keep): Workload | undefined {
  const meta = keepMeta(kind, object, options);
  if (!meta) return undefined;
  const status = dig(object, 'status');
  return compact({
    ...meta,
    generation: numberAt(object, 'metadata', 'generation'),
    observedGeneration: numberAt(status, 'observedGeneration'),
    revision: textAt(object, 'metadata', 'annotations', REVISION) ?? textAt(status, 'updateRevision'),
    reused:
      textAt(object, 'metadata', 'annotations', EARLIER_REVISIONS) === undefined
        ? undefined
        : (true as const),
    paused: isTrueAt(object, 'spec', 'paused') || isTrueAt(object, 'spec', 'suspend'),
    schedule: textAt(object, 'spec', 'schedule'),
    replicas: compact({
      // The words differ by kind: a DaemonSet counts nodes, a Job counts runs.
      desired: first(object, [
        ['spec', 'replicas'],
        ['status', 'desiredNumberScheduled'],
        ['spec', 'completions'],
      ]),
      ready: first(status, [['readyReplicas'], ['numberReady'], ['ready']]),
      available: first(status, [['availableReplicas'], ['numberAvailable']]),
      updated: first(status, [['updatedReplicas'], ['updatedNumberScheduled']]),
      failed: numberAt(status, 'failed'),
      succeeded: numberAt(status, 'succeeded'),
    }),
    conditions: keepConditions(object),
    template: templateOf(
      dig(object, 'spec', 'template') ?? dig(object, 'spec', 'jobTemplate', 'spec', 'template'),
    ),
  });
}

/** The data of a ControllerRevision is a patch of its owner that holds the template (apps/v1 ControllerRevision). */
export function keepRevision(object: unknown, options: Keep): Revision | undefined {
  const meta = keepMeta('ControllerRevision', object, options);
  if (!meta) return undefined;
  const revision = numberAt(object, 'revision');
  return compact({
    ...meta,
    revision: revision === undefined ? undefined : String(revision),
    template: templateOf(dig(object, 'data', 'spec', 'template')),
  });
}

function templateOf(template: unknown): Template | undefined {
  if (template === undefined) return undefined;
  const containers = ['initContainers', 'containers']
    .flatMap((name) => listAt(template, 'spec', name))
    .slice(0, 32);
  const images = containers.map((container) => [
    textAt(container, 'name') ?? '',
    textAt(container, 'image') ?? '',
  ]);
  const volumes = listAt(template, 'spec', 'volumes');
  const read = [
    ...volumes.map((volume) => textAt(volume, 'configMap', 'name')),
    ...volumes.flatMap((volume) =>
      listAt(volume, 'projected', 'sources').map((source) => textAt(source, 'configMap', 'name')),
    ),
    ...containers.flatMap((container) => [
      ...listAt(container, 'envFrom').map((source) => textAt(source, 'configMapRef', 'name')),
      ...listAt(container, 'env').map((entry) => textAt(entry, 'valueFrom', 'configMapKeyRef', 'name')),
    ]),
  ].filter((name) => name !== undefined);
  return {
    images: Object.fromEntries(images) as Record<string, string>,
    configMaps: [...new Set(read)].slice(0, 64),
  };
}

function first(object: unknown, paths: readonly (readonly string[])[]): number | undefined {
  return paths.map((path) => numberAt(object, ...path)).find((count) => count !== undefined);
}
