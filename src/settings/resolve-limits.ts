import type { Static } from '@signalbox/sdk';
import { ENVIRONMENTS } from '../classification/classification.ts';
import { parseQuantity } from '../classification/parse-quantity.ts';
import type { LimitRule } from '../model/limit-settings.ts';
import type { Settings } from '../model/settings.ts';
import type { Report } from './report.ts';
import type { namespaceLimits } from './schema-limits.ts';
import { didYouMean } from './suggest.ts';
import type { PathPart } from './tree.ts';

type Written = Static<typeof namespaceLimits>;
type Around = Pick<Settings, 'classification' | 'priority'>;

const SECTION = 'namespace_limits';

/** The limits of namespaces; undefined when there are none. Needs what they may depend on, to tell which can never apply. */
export function resolveLimits(
  written: Written,
  around: Around,
  report: Report,
): readonly LimitRule[] | undefined {
  const rules = written.map((rule, index) => resolveRule(rule, [SECTION, index], report));
  const seen = new Set<string>();
  rules.forEach((rule, index) => {
    if (seen.has(rule.id)) {
      const message = 'another limit has this id';
      report.error([SECTION, index, 'id'], { code: 'wrong_value', message });
    }
    seen.add(rule.id);
    checkEnvironments(rule, written[index]!, around, [SECTION, index], report);
    warnUnset(rule, around, [SECTION, index], report);
    warnShadowed(rules, index, report);
  });
  return rules.length === 0 ? undefined : rules;
}

function resolveRule(written: Written[number], path: readonly PathPart[], report: Report): LimitRule {
  const limits: Record<string, string> = {};
  for (const [resource, amount] of Object.entries(written.limits)) {
    limits[resource] = String(amount);
    if (parseQuantity(limits[resource]) !== undefined) continue;
    const at = [...path, 'limits', resource];
    const message = `${report.quote(at, limits[resource])} is no quantity of Kubernetes`;
    report.error(at, { code: 'bad_quantity', message, hint: 'write 500m, 4 or 32Gi' });
  }
  const { id, environments, tenants, clusters, namespaces, criticalities, priorities } = written;
  const { business_units: businessUnits } = written;
  const { present } = report.renames.aliases;
  return {
    id,
    ...(environments === undefined ? {} : { environments: [environments].flat() }),
    ...(tenants === undefined ? {} : { tenants: [tenants].flat().map(present) }),
    ...(businessUnits === undefined ? {} : { businessUnits: [businessUnits].flat().map(present) }),
    ...(criticalities === undefined ? {} : { criticalities: [criticalities].flat() }),
    ...(priorities === undefined ? {} : { priorities }),
    ...(clusters === undefined ? {} : { clusters: [clusters].flat() }),
    ...(namespaces === undefined ? {} : { namespaces: [namespaces].flat() }),
    limits,
  };
}

/** No namespace is ever in an environment that the rules of classification don't know. */
function checkEnvironments(
  { environments = [] }: LimitRule,
  written: Written[number],
  { classification }: Around,
  path: readonly PathPart[],
  report: Report,
): void {
  const declared = classification?.ruleSet['environments'] ?? {};
  const known = [...ENVIRONMENTS, ...Object.keys(declared)];
  environments.forEach((name, index) => {
    if (known.includes(name)) return;
    const at = [...path, 'environments', ...(Array.isArray(written.environments) ? [index] : [])];
    const message = `there is no environment ${report.quote(at, name)}`;
    report.error(at, { code: 'missing_reference', message, hint: didYouMean(name, known) });
  });
}

/** What no policy of priority says is said of no namespace. */
function warnUnset(
  { criticalities, priorities }: LimitRule,
  { priority }: Around,
  path: readonly PathPart[],
  report: Report,
): void {
  const policies = priority?.policies ?? [];
  const warn = (
    key: 'criticality' | 'priority',
    field: string,
    names: readonly string[] | undefined,
  ): void => {
    const said = policies.flatMap(({ set }) => set[key] ?? []);
    if (names === undefined || names.some((name) => said.includes(name))) return;
    const message = `this can never apply: no policy of priority sets the ${key} ${names.join(' or ')}`;
    const hint = didYouMean(names[0]!, said);
    report.warn([...path, field], { code: 'unreachable_limit', message, hint }, 'key');
  };
  warn('criticality', 'criticalities', criticalities);
  warn('priority', 'priorities', priorities);
}

const CONDITIONS = [
  'environments',
  'tenants',
  'businessUnits',
  'criticalities',
  'priorities',
  'clusters',
  'namespaces',
] as const satisfies readonly (keyof LimitRule)[];

/** For each of its resources an earlier rule already decides for every namespace that this one means. */
function warnShadowed(rules: readonly LimitRule[], index: number, report: Report): void {
  const rule = rules[index]!;
  const wider = rules.slice(0, index).filter((earlier) => isWider(earlier, rule));
  const first = Object.keys(rule.limits).map((resource) =>
    wider.find(({ limits }) => Object.hasOwn(limits, resource)),
  );
  if (!first.every((earlier) => earlier !== undefined)) return;
  const names = [...new Set(first.map(({ id }) => id))].join(' and ');
  const message = `this can never apply: ${names} comes first and means the same namespaces`;
  report.warn([SECTION, index], { code: 'unreachable_limit', message, hint: 'change the order' });
}

function isWider(earlier: LimitRule, later: LimitRule): boolean {
  return CONDITIONS.every((key) => {
    const names: readonly string[] | undefined = earlier[key];
    const others: readonly string[] | undefined = later[key];
    return names === undefined || (others?.every((name) => names.includes(name)) ?? false);
  });
}
