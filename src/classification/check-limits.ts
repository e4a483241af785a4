import type { Priority } from '@signalbox/sdk';
import type { Breach, LimitRule } from '../model/limit-settings.ts';
import { parseQuantity } from './parse-quantity.ts';

/** A namespace with all that limits may depend on. */
export interface LimitedNamespace {
  readonly namespace: string;
  readonly cluster?: string;
  readonly environment: string;
  readonly tenant?: string;
  readonly businessUnit?: string;
  readonly criticality?: string;
  readonly priority?: Priority;
}

/** The most that there may be of one resource, and who says so. */
export interface Limit {
  readonly resource: string;
  readonly limit: string;
  readonly rule: string;
}

export interface LimitCheck {
  /** `within`, or `needs_approval` when anything is above its limit: a person may still allow it. */
  readonly outcome: 'within' | 'needs_approval';
  readonly breaches: readonly Breach[];
  /** Resources that were asked for and that no rule limits. */
  readonly unlimited: readonly string[];
}

/**
 * Holds what is asked for against the limits. For each resource the first rule that fits the namespace and names the resource
 * decides, so exceptions stand before what is general. What can't be read is a breach, never a pass.
 *
 * @example
 * checkLimits([{ id: 'dev', environments: ['development'], limits: { cpu: '4' } }], { namespace: 'shop-dev', environment: 'development' }, { cpu: '4500m' });
 * // { outcome: 'needs_approval', breaches: [{ resource: 'cpu', asked: '4500m', limit: '4', rule: 'dev', … }], unlimited: [] }
 */
export function checkLimits(
  rules: readonly LimitRule[],
  namespace: LimitedNamespace,
  asked: Readonly<Record<string, string>>,
): LimitCheck {
  const fitting = rules.filter((rule) => fits(rule, namespace));
  const breaches: Breach[] = [];
  const unlimited: string[] = [];
  for (const [resource, amount] of Object.entries(asked)) {
    const rule = fitting.find(({ limits }) => Object.hasOwn(limits, resource));
    const limit = rule?.limits[resource];
    if (rule === undefined || limit === undefined) unlimited.push(resource);
    else breaches.push(...compare(resource, amount, limit, rule.id, namespace));
  }
  return { outcome: breaches.length > 0 ? 'needs_approval' : 'within', breaches, unlimited };
}

/** What a namespace may have of each resource that any rule limits for it, in the order of the rules. */
export function limitsOf(rules: readonly LimitRule[], namespace: LimitedNamespace): readonly Limit[] {
  const found = new Map<string, Limit>();
  for (const { id, limits, ...conditions } of rules) {
    if (!fits(conditions, namespace)) continue;
    for (const [resource, limit] of Object.entries(limits))
      if (!found.has(resource)) found.set(resource, { resource, limit, rule: id });
  }
  return [...found.values()];
}

type Conditions = Omit<LimitRule, 'id' | 'limits'>;

function fits(rule: Conditions, namespace: LimitedNamespace): boolean {
  return (
    isAmong(rule.environments, namespace.environment) &&
    isAmong(rule.tenants, namespace.tenant) &&
    isAmong(rule.businessUnits, namespace.businessUnit) &&
    isAmong(rule.criticalities, namespace.criticality) &&
    isAmong(rule.priorities, namespace.priority) &&
    isAmong(rule.clusters, namespace.cluster) &&
    isAmong(rule.namespaces, namespace.namespace)
  );
}

/** What is not known of a namespace is none of those that a rule names. */
function isAmong(names: readonly string[] | undefined, name: string | undefined): boolean {
  return names === undefined || (name !== undefined && names.includes(name));
}

function compare(
  resource: string,
  asked: string,
  limit: string,
  rule: string,
  { namespace, environment }: LimitedNamespace,
): readonly Breach[] {
  const [amount, most] = [parseQuantity(asked), parseQuantity(limit)];
  if (amount === undefined) {
    return [{ resource, asked, message: `${JSON.stringify(asked)} is no quantity of ${resource}` }];
  }
  if (most === undefined) {
    const message = `the limit ${JSON.stringify(limit)} of the rule ${rule} is no quantity`;
    return [{ resource, asked, limit, rule, message }];
  }
  if (amount <= most) return [];
  const message = `${namespace} (${environment}) asks for ${asked} of ${resource}, and ${rule} allows ${limit}`;
  return [{ resource, asked, limit, rule, message }];
}
