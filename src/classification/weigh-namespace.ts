import type { Labels } from '../model/matcher.ts';
import type { NamespaceKey, NamespaceRecord } from '../model/namespace.ts';
import type { PrioritySettings } from '../model/priority-settings.ts';
import type { Settings } from '../model/settings.ts';
import { compilePriority } from '../priority/compile.ts';
import { prioritise } from '../priority/prioritise.ts';
import type { CompiledPriority } from '../priority/policy.ts';
import type { Subject } from '../rules/subject.ts';
import type { LimitedNamespace } from './check-limits.ts';
import { classify } from './classify.ts';
import type { Classification } from './classification.ts';
import { compiledRules } from './compiled-rules.ts';

type WeighingSettings = Pick<Settings, 'classification' | 'priority'>;

const compiled = new WeakMap<PrioritySettings, CompiledPriority>();

/**
 * What a namespace is to the business: environment, tenant, business unit, criticality and priority (BR-AP-027). `record` is what is known of it;
 * without one its name has to do, as for a namespace that is still to be made. The environment that it was promoted to goes before the rules.
 * Policies of priority see it as an alert of it without a severity, at `now`.
 */
export function weighNamespace(
  settings: WeighingSettings,
  { tenant, cluster, namespace }: NamespaceKey,
  record: (Pick<NamespaceRecord, 'labels'> & Partial<Pick<NamespaceRecord, 'environment'>>) | undefined,
  now: number,
): LimitedNamespace {
  const labels = record?.labels ?? {};
  const where = cluster === '' ? {} : { cluster };
  const classified = classify(compiledRules(settings.classification), { namespace, labels, ...where });
  const environment = record?.environment ?? classified.environment;
  const known = { namespace, ...where, environment, tenant: classified.tenant ?? tenant };
  const {
    businessUnit = classified.businessUnit,
    criticality,
    priority,
  } = prioritised(
    settings,
    subjectOf(settings, { ...classified, environment }, { ...known, tenant }, labels, now),
    now,
  );
  return {
    ...known,
    ...(businessUnit === undefined ? {} : { businessUnit }),
    ...(criticality === undefined ? {} : { criticality }),
    ...(priority === undefined ? {} : { priority }),
  };
}

function prioritised(
  { priority }: WeighingSettings,
  subject: Subject,
  now: number,
): Pick<LimitedNamespace, 'businessUnit' | 'criticality' | 'priority'> {
  if (!priority) return {};
  return prioritise(compiled.getOrInsertComputed(priority, compilePriority), subject, now);
}

/** An alert of the namespace, with the labels that the hub would write to it. */
function subjectOf(
  { classification: settings }: WeighingSettings,
  { environment, certainty, isProduction, tenant, businessUnit }: Classification,
  { namespace, cluster, tenant: owner }: LimitedNamespace,
  labels: Labels,
  now: number,
): Subject {
  const write = settings?.write ?? {};
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = [
    [settings?.namespaceLabels[0] ?? 'namespace', namespace],
    [settings?.clusterLabels[0] ?? 'cluster', cluster],
    [write.environment, environment],
    [write.tenant, tenant],
    [write.businessUnit, businessUnit],
  ];
  const written = pairs.filter(
    (pair): pair is [string, string] => pair[0] !== undefined && pair[1] !== undefined,
  );
  return {
    alert: {
      labels: { ...labels, ...Object.fromEntries(written) },
      annotations: {},
      severity: '',
      priority: '',
      status: 'firing',
      startsAt: new Date(now),
      tenant: owner ?? '',
      fingerprint: '',
      details: {},
    },
    facts: {
      environment,
      certainty,
      ...(isProduction ? { isProduction } : {}),
      ...(businessUnit === undefined ? {} : { businessUnit }),
    },
    integration: '',
    now: new Date(now),
  };
}
