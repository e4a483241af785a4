import { classify } from '../classification/classify.ts';
import { compiledRules } from '../classification/compiled-rules.ts';
import type { EnvironmentOf } from '../classification/hear-namespace.ts';
import type { ClassificationSettings } from '../model/classification-settings.ts';
import type { Labels } from '../model/matcher.ts';
import type { NamespaceKey } from '../model/namespace.ts';

/** By the rules of the settings; by the built-in ones where none are configured, as `signalbox classify` does it. */
export function environmentBy(settings: ClassificationSettings | undefined): EnvironmentOf {
  const rules = compiledRules(settings);
  return ({ cluster, ...facts }) =>
    classify(rules, { ...facts, ...(cluster === '' ? {} : { cluster }) }).environment;
}

/** The namespace that an alert comes from; undefined when it names none. */
export function namespaceOf(
  { namespaceLabels, clusterLabels }: ClassificationSettings,
  { tenant, labels }: { readonly tenant: string; readonly labels: Labels },
): NamespaceKey | undefined {
  const first = (names: readonly string[]) => names.map((name) => labels[name]).find(Boolean);
  const namespace = first(namespaceLabels);
  return namespace === undefined ? undefined : { tenant, cluster: first(clusterLabels) ?? '', namespace };
}
