import { classify } from '../classification/classify.ts';
import type { Classification } from '../classification/classification.ts';
import { compileClassification } from '../classification/compile.ts';
import { explainClassification } from '../classification/explain.ts';
import { keysOf } from '../classification/keys.ts';
import type { RuleSet } from '../classification/rules.ts';
import type { ClassificationSettings } from '../model/classification-settings.ts';
import type { Labels } from '../model/matcher.ts';
import { FAILED, type Facts, type Made } from '../model/prepared.ts';
import type { Stage } from './prepare-stage.ts';

/** Answers that are kept; a hub sees the same namespaces again and again. All are forgotten when there are more. */
const MAX_KEPT = 10_000;

interface Answer {
  readonly facts: Facts;
  readonly decisions: readonly Made[];
  /** To be written. */
  readonly labels: Labels;
}

/**
 * Says which environment an alert comes from, by its namespace, cluster and labels. The alert's labels stand for those of its namespace, because that is
 * what senders copy there.
 */
export function classifyStage(settings: ClassificationSettings): Stage {
  const compiled = compileClassification(settings.ruleSet as unknown as RuleSet);
  const isRead = rememberNames((name) => readsLabel(settings, compiled, name));
  const kept = new Map<string, Answer>();

  function answerFor(labels: Labels): Answer {
    const key = keyOf(labels, isRead);
    const known = kept.get(key);
    if (known) return known;
    const answer = answerOf(settings, classify(compiled, namespaceFacts(settings, labels)));
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, answer);
    return answer;
  }

  return {
    name: 'classify',
    run(draft) {
      const { facts, decisions, labels } = answerFor(draft.data.labels);
      draft.facts = { ...draft.facts, ...facts };
      draft.decisions.push(...decisions);
      for (const name in labels) {
        if (draft.data.labels[name] === labels[name]) continue;
        draft.data = { ...draft.data, labels: { ...draft.data.labels, [name]: labels[name]! } };
      }
    },
  };
}

type Compiled = ReturnType<typeof compileClassification>;

function namespaceFacts(settings: ClassificationSettings, labels: Labels) {
  const first = (names: readonly string[]) => names.map((name) => labels[name]).find(Boolean);
  const cluster = first(settings.clusterLabels);
  const owner = settings.ownerLabels.filter((name) => labels[name]);
  return {
    namespace: first(settings.namespaceLabels) ?? '',
    labels,
    ...(cluster === undefined ? {} : { cluster }),
    ...(owner.length === 0 ? {} : { owner: Object.fromEntries(owner.map((name) => [name, labels[name]!])) }),
  };
}

function answerOf({ write }: ClassificationSettings, result: Classification): Answer {
  const { namespace, environment, isProduction, certainty, reasons, tenant, businessUnit } = result;
  // What has no namespace breaches no standard of namespaces.
  const findings = namespace === '' ? [] : result.findings;
  const rules = reasons.filter(({ isHeard }) => isHeard).map(({ rule }) => rule);
  const written: readonly (readonly [string | undefined, string | undefined])[] = [
    [write.environment, environment],
    [write.tenant, tenant],
    [write.businessUnit, businessUnit],
  ];
  return {
    facts: {
      environment,
      certainty,
      ...(isProduction ? { isProduction } : {}),
      ...(businessUnit === undefined ? {} : { businessUnit }),
      ...(findings.length === 0 ? {} : { findings }),
    },
    decisions: [
      ...(result.troubles ?? []).map(
        ({ rule, problem }): Made => ({ stage: 'classify', rule, outcome: FAILED + problem }),
      ),
      {
        stage: 'classify',
        rule: [...new Set(rules)].join(', ') || 'nothing-said',
        outcome: `${environment}, ${certainty}: ${explainClassification(result)}`,
      },
    ],
    labels: Object.fromEntries(
      written.filter((pair): pair is [string, string] => pair[0] !== undefined && pair[1] !== undefined),
    ),
  };
}

function readsLabel(
  { namespaceLabels, clusterLabels, ownerLabels }: ClassificationSettings,
  { keyed, conditionLabels, tenants, tenantKeys, businessUnitKeys, standards }: Compiled,
  name: string,
): boolean {
  if ([...namespaceLabels, ...clusterLabels, ...ownerLabels].includes(name)) return true;
  // An expression that may look at any label makes alerts with other labels ask anew.
  if (!conditionLabels || conditionLabels.has(name)) return true;
  if (standards.some(({ standard }) => standard.required_labels?.includes(name))) return true;
  return keysOf(name).some(
    (key) =>
      keyed.label.has(key) ||
      tenantKeys.has(key) ||
      businessUnitKeys.has(key) ||
      tenants.some(({ rule }) => rule.keys?.includes(key)),
  );
}

/** Names of labels are few, and looking one up is much cheaper than taking it apart. */
function rememberNames(isRead: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    let answer = known.get(name);
    if (answer !== undefined) return answer;
    answer = isRead(name);
    if (known.size >= MAX_KEPT) known.clear();
    known.set(name, answer);
    return answer;
  };
}

/** Alike for alerts with the same answer. The lengths keep `a=b` and `c` apart from `a` and `b=c`. */
function keyOf(labels: Labels, isRead: (name: string) => boolean): string {
  let key = '';
  for (const name in labels) {
    if (isRead(name)) key += `${name.length}:${name}${labels[name]!.length}:${labels[name]}`;
  }
  return key;
}
