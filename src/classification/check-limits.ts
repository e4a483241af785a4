import { parseQuantity } from './parse-quantity.ts';

/** How much namespaces of some kind may have. All conditions have to hold; a rule without any holds for all namespaces. */
export interface LimitRule {
  readonly id: string;
  readonly environments?: readonly string[];
  readonly tenants?: readonly string[];
  /** Exact names. */
  readonly namespaces?: readonly string[];
  /** By resource, as in a ResourceQuota: `{ cpu: '8', memory: '32Gi', pods: '100' }`. */
  readonly limits: Readonly<Record<string, string>>;
}

export interface LimitedNamespace {
  readonly namespace: string;
  readonly environment: string;
  readonly tenant?: string;
}

/** One resource of which more was asked for than there may be. */
export interface Breach {
  readonly resource: string;
  readonly asked: string;
  /** Absent when what was asked for can't be read. */
  readonly limit?: string;
  /** The rule that sets the limit. */
  readonly rule?: string;
  readonly message: string;
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

function fits(
  { environments, tenants, namespaces }: LimitRule,
  { namespace, environment, tenant }: LimitedNamespace,
): boolean {
  if (environments && !environments.includes(environment)) return false;
  if (tenants && (tenant === undefined || !tenants.includes(tenant))) return false;
  return !namespaces || namespaces.includes(namespace);
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
